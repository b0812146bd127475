// Copyright (c) 2026, webops.paas contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Reads a schema as GraphQL's reference implementation asks for it, checks the schema, and validates documents against
// it: node schema.mjs API_URL AUTHORIZATION FILE_OF_DOCUMENTS

import { readFileSync } from "node:fs";
import {
    assertValidSchema, buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, parse,
    printSchema, validate,
} from "graphql";

const [url, authorization, file] = process.argv.slice(2);

const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: authorization },
    body: JSON.stringify({
        query: getIntrospectionQuery({
            directiveIsRepeatable: true, inputValueDeprecation: true, schemaDescription: true, specifiedByUrl: true,
        }),
        operationName: "IntrospectionQuery",
    }),
});
const { data, errors } = await answer.json();
if (errors) {
    throw new Error(`the introspection was answered by ${JSON.stringify(errors)}`);
}
const schema = buildClientSchema(data);
assertValidSchema(schema);
const text = printSchema(lexicographicSortSchema(schema));
if (printSchema(lexicographicSortSchema(buildSchema(text))) !== text) {
    throw new Error("the schema does not survive its own text");
}

const documents = parse(readFileSync(file, "utf8")).definitions;
const wrong = documents.flatMap((definition) =>
    validate(schema, { kind: "Document", definitions: [definition] })
        .map((error) => `${definition.name.value}: ${error.message}`));
console.log(JSON.stringify({
    types: Object.keys(schema.getTypeMap()).length,
    documents: documents.map((definition) => definition.name.value),
    wrong,
}));
