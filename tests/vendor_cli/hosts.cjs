// Copyright (c) 2026, webops.paas contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// What /etc/hosts is to a machine, for one process: node loads it before the client (NODE_OPTIONS), and connections to
// the hosts in VENDOR_HOSTS go to the port in VENDOR_PORT of this machine. The client knows nothing of it: it still
// speaks TLS to the name that it meant, and checks the certificate. Any other host is refused.

"use strict";

const tls = require("tls");

const hosts = process.env.VENDOR_HOSTS.split(",");
const connect = tls.connect;

tls.connect = (options, ...others) => {
    if (!hosts.includes(options.host)) {
        throw new Error(`the client wants to speak to ${options.host}`);
    }
    return connect({ ...options, host: "127.0.0.1", port: Number(process.env.VENDOR_PORT) }, ...others);
};
