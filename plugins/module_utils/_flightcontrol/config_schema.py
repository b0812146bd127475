# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The structure of flightcontrol.json. PRIVATE to the collection.

Source: docs/platforms/flightcontrol.md, section 4.1. Lists that grow with the platform (versions, sizes, values of
services) are open: another word is a doubt, not an error.
"""

from __future__ import annotations

from ansible_collections.webops.paas.plugins.module_utils._core.types import JsonObject
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol.structure import (
    Anything,
    Either,
    Fields,
    Flag,
    Items,
    Kind,
    Named,
    Number,
    Report,
    Text,
    Variant,
    Word,
)

# The older names of types, which the schema no longer has and many files do.
OLD_TYPES = {"fargate": "web", "fargate-worker": "worker", "fargate-scheduler": "scheduler"}
# {what a service offers to the variables of others: the types that have it}. The first ones depend on the setup.
OUTPUTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("host", "port", "origin", "loadBalancerHost", "loadBalancerOrigin"), ()),
    **dict.fromkeys(("dbConnectionString", "dbName", "dbEngine", "username", "password"), ("rds",)),
    **dict.fromkeys(("connectionString", "authToken"), ("elasticache",)),
    **dict.fromkeys(("readerconnectionString", "readerHost", "readerPort"), ("elasticache",)),
    "bucketName": ("s3",),
}
# The beginning of the output of a load balancer; its port follows.
LOAD_BALANCER_PORT = "loadBalancerPort"
# {engine: its versions}
DATABASES = {
    "mariadb": ("10.2", "10.3", "10.4", "10.5", "10.6", "10.11", "11.4"),
    "mysql": ("5.6", "5.7", "8", "8.0", "8.4"),
    "postgres": tuple(str(version) for version in range(9, 19)),
}

NAME = Text(longest=191, may_be_empty=False)
GIVEN = Text(may_be_empty=False)
TEXTS = Items(Text())
COMMAND = Either((Text(), TEXTS))
JSON = Either((Named(Anything()), Text()))
CPU = Number(0.125)
COUNT = Number(1)


class Output(Word):
    """An output of a service."""

    def check_content(self, value: str, place: str, report: Report) -> None:
        if not value.startswith(LOAD_BALANCER_PORT):
            super().check_content(value, place, report)


class Reference(Fields):
    """Where the value of a variable comes from: an object with exactly one key."""

    def check_content(self, value: JsonObject, place: str, report: Report) -> None:
        known = ", ".join(self.kinds)
        if len(value) != 1:
            report.error(place, f"must have exactly one of {known}, got {', '.join(sorted(value)) or 'none'}.")
        super().check_content(value, place, report)


REFERENCE = Reference(
    {
        "fromParameterStore": GIVEN,
        "fromSecretsManager": GIVEN,
        "fromService": Fields({"id!": GIVEN, "value!": Output(tuple(OUTPUTS), is_open=True)}),
    }
)
VARIABLES = Named(Either((Text(is_secret=True), Number(), Flag(), REFERENCE)))

# -- parts of services -------------------------------------------------------------------------------------------------

TARGET = Variant(
    "type",
    {
        "fargate": Fields({"type!": Text()}),
        "ecs-ec2": Fields(
            {
                "type!": Text(),
                "clusterInstanceSize!": Text(),
                "clusterMinInstances!": COUNT,
                "clusterMaxInstances!": Number(),
            }
        ),
    },
    others=Fields({"type!": Text()}, is_open=True),
)
DISK_TYPE = Word(("gp3", "gp2", "io1", "io2"), is_open=True)
RUNNER = Variant(
    "type",
    {
        "codebuild": Fields({"type!": Text()}),
        "ec2": Fields(
            {
                "type!": Text(),
                "instanceSize": Text(),
                "instanceStorage": Number(),
                "storageThroughput": Number(),
                "storageIops": Number(),
                "storageType": DISK_TYPE,
            }
        ),
    },
    others=Fields({"type!": Text()}, is_open=True),
)
AUTOSCALING = Fields(
    {
        "cpuThreshold": Number(),
        "memoryThreshold": Number(),
        "cooldownTimerSecs": Number(),
        "requestsPerTarget": Number(),
    }
)
SIDECAR = Fields(
    {
        "name!": Text(),
        "image!": Text(),
        "cpuAllotment!": Number(0),
        "memoryAllotment!": Number(0),
        "envVariables": VARIABLES,
        "enableNetworking": Flag(),
        "ports": Items(Number()),
        "logging": Flag(),
        "dockerLabels": Named(Text()),
        "essential": Flag(),
        "startCommand": COMMAND,
    }
)
LOG_ROUTER = Variant(
    "configSource",
    {
        "inline": Fields(
            {
                "configSource!": Text(),
                "config!": Items(
                    Fields({"name!": Text(), "match!": Text(), "options!": Named(Either((Text(), Number(), TEXTS)))})
                ),
            }
        ),
        "file": Fields({"configSource!": Text(), "configFilePath!": Text()}),
    },
    others=Fields({"configSource!": Text()}, is_open=True),
)
LOGGING = Fields(
    {
        "firelens": LOG_ROUTER,
        "ecsLogsMetadataEnabled": Flag(),
        "cloudwatchLogsRetentionDays": Number(1, 3653),
        "cloudwatchLogsEnabled": Flag(),
        "envVariables": VARIABLES,
    }
)
EXPERIMENTAL = Fields(
    {
        "runAsNonRootUser": Flag(),
        "datadog": Fields(
            {
                "enabled!": Flag(),
                "datadogSite!": Text(),
                "datadogApiKey!": Text(is_secret=True),
                "envVariables": VARIABLES,
                "logging": Flag(),
            }
        ),
        "healthCheckTimeout": Number(2, 120),
        "healthCheckInterval": Number(5, 300),
    }
)
IMAGE = Fields({"registryId": GIVEN, "repository": GIVEN, "tag": GIVEN, "fromService": GIVEN})
ARCHITECTURE = Word(("x86_64", "x86-64", "arm64", "amd64"))
ARCHITECTURES = Either((ARCHITECTURE, Items(ARCHITECTURE)))
JOB = Fields(
    {
        "startCommand!": COMMAND,
        "schedule!": Text(),
        "timezone": Text(),
        "timeout": Number(1, 1440),
        "cpu": CPU,
        "memory": CPU,
        "gpu": Number(0, 16),
    }
)
FUNCTION_URL = Fields(
    {
        "enabled!": Flag(),
        "invokeMode": Word(("Buffered", "ResponseStream")),
        "authType": Word(("None",), is_open=True),
        "cors": Fields(
            {
                "allowCredentials": Flag(),
                "maxAge": Number(0, 86400),
                **dict.fromkeys(("allowHeaders", "allowMethods", "allowOrigin", "exposedHeaders"), TEXTS),
            }
        ),
    }
)
FUNCTION = {
    "packageType!": Text(),
    "memory": Number(128, 10240),
    "storage": Number(512, 10240, is_whole=True),
    "fnUrl": FUNCTION_URL,
    "timeoutSecs": Number(1, 900),
    "cpuArchitecture": ARCHITECTURES,
    "tracing": Flag(),
    "vpc": Flag(),
    "reservedConcurrency": Number(0, 900),
}
PORT = Fields(
    {
        "port!": Number(),
        "protocol!": Word(("udp", "tcp", "http", "http2", "grpc"), is_open=True),
        "healthCheck!": Fields(
            {
                "timeoutSecs": Number(2, 120),
                "intervalSecs": Number(5, 300),
                "gracePeriodSecs": Number(0, 2147483647),
                "tcpPort": Number(),
                "path": Text(),
            }
        ),
        "tls": Flag(),
    }
)

# -- services ----------------------------------------------------------------------------------------------------------

SERVICE: dict[str, Kind] = {"id!": NAME, "name!": NAME, "type!": GIVEN, "dependsOn": TEXTS}
BUILD: dict[str, Kind] = {
    "buildType": Word(("nixpacks", "docker", "fromService", "fromRepository", "nodejs"), is_open=True),
    "ci": RUNNER,
    "versionHistoryCount": COUNT,
    "basePath": GIVEN,
    "watchPaths": TEXTS,
    "envVariables": VARIABLES,
    **dict.fromkeys(
        ("installCommand", "buildCommand", "postBuildCommand", "dockerfilePath", "dockerContext"),
        Text(),
    ),
    "integrations": Fields({"uploadSentrySourceMap": Flag()}),
}
CONTAINER: dict[str, Kind] = {
    **BUILD,
    "cpu!": CPU,
    "memory!": CPU,
    "gpu": Number(0, 16),
    "storage": Number(20, 200, is_whole=True),
    "target": TARGET,
    "containerImage": IMAGE,
    # The name before containerImage existed.
    "fromService": GIVEN,
    "containerInsights": Flag(),
    "preDeployCommand": COMMAND,
    "postDeployCommand": COMMAND,
    "injectEnvVariablesInDockerfile": Flag(),
    "includeEnvVariablesInBuild": Flag(),
    "dockerLabels": Named(Text()),
    "sidecars": Items(SIDECAR),
    "logging": LOGGING,
    "permissions": Fields({"inline": JSON, "attach": Items(Text("an ARN, which begins with arn", "arn.*"))}),
    "experimental": EXPERIMENTAL,
}
SERVER: dict[str, Kind] = {
    **CONTAINER,
    "startCommand": COMMAND,
    "minInstances": COUNT,
    "maxInstances": COUNT,
    "privileged": Flag(),
    "autoscaling": AUTOSCALING,
}
PRIVATE_WEB: dict[str, Kind] = {
    **SERVER,
    "port": Either((Number(), Text())),
    "cloudfrontAutoCacheInvalidation": Flag(),
    "originShieldEnabled": Flag(),
    "healthCheckPath": Text("a path, which begins with a slash", r"/[!-~]*"),
    "healthCheckTimeoutSecs": Number(2, 120),
    "healthCheckIntervalSecs": Number(5, 300),
    "healthCheckGracePeriodSecs": Number(0, 2147483647),
    "stickySessionsEnabled": Flag(),
    "stickySessionsDurationSecs": Number(),
}
NETWORK_SERVER = {**SERVER, "ports!": Items(PORT, fewest=1)}
ENV_VARIABLE_NAME = Text("the name of an environment variable", r"\w+")
# The keys of each type of service.
SERVICES: dict[str, dict[str, Kind]] = {
    "web": {**PRIVATE_WEB, "enableCloudfrontSwr": Flag(), "domain": Text()},
    "web-private": PRIVATE_WEB,
    "worker": {**SERVER, "cloudfrontAutoCacheInvalidation": Flag()},
    "network-server": NETWORK_SERVER,
    "private-network-server": NETWORK_SERVER,
    "scheduler": {
        **CONTAINER,
        "buildType!": BUILD["buildType"],
        "cpuArchitecture": ARCHITECTURES,
        "jobs!": Named(JOB),
    },
    "static": {
        **BUILD,
        "outputDirectory": Text(),
        "singlePageApp": Flag(),
        "domain": Text(),
        "cloudfrontAutoCacheInvalidation": Flag(),
        "originShieldEnabled": Flag(),
    },
    "lambda-function": {
        **BUILD,
        "buildType!": BUILD["buildType"],
        "versionHistoryCount": Number(1, 75),
        "containerImage": IMAGE,
        "outputDirectory": Text(),
        "dockerLabels": Named(Text()),
        "injectEnvVariablesInDockerfile": Flag(),
        "includeEnvVariablesInBuild": Flag(),
        "lambda!": Variant(
            "packageType",
            {"image": Fields(FUNCTION), "zip": Fields({**FUNCTION, "handler!": Text(), "runtime!": Text()})},
            others=Fields(FUNCTION, is_open=True),
        ),
    },
    "rds": {
        "engine!": Word(tuple(DATABASES), is_open=True),
        "engineVersion!": Text(),
        "instanceSize!": Text(),
        "storage!": Number(20, 65536, is_whole=True),
        "maxStorage": Number(most=65536, is_whole=True),
        "storageType": DISK_TYPE,
        "storageProvisionedIops": Number(1000),
        "backupRetentionPeriodInDays": Number(0, 35),
        "port": Number(),
        "connectionStringEnvVarName": ENV_VARIABLE_NAME,
        **dict.fromkeys(
            (
                "private",
                "autoUpgradeMinorVersions",
                "applyChangesImmediately",
                "deletionProtection",
                "deleteBackupsWithRdsDeletion",
                "performanceInsights",
                "multiAvailabilityZones",
                "encryptionAtRest",
            ),
            Flag(),
        ),
    },
    "elasticache": {
        "engine!": Word(("redis", "valkey"), is_open=True),
        "engineVersion!": Text(),
        "instanceSize!": Text("the size of a cache, which begins with cache.", r"cache\..+"),
        "numberOfReplicas": Number(),
        "port": Number(),
        "connectionStringEnvVarName": ENV_VARIABLE_NAME,
        "evictionPolicy": Text(),
        "clusterMode": Flag(),
        # Both names are documented.
        "autoUpgradeMinorVersions": Flag(),
        "autoMinorVersionUpgrade": Flag(),
        "applyChangesImmediately": Flag(),
        "encryptionAtRest": Flag(),
    },
    "s3": {
        "bucketNameBase!": Text(
            "3 to 56 lowercase letters, digits and hyphens, not beginning with a hyphen or xn--",
            r"(?!xn--)[a-z0-9][a-z0-9-]{2,55}",
        ),
        "bucketVersioning": Flag(),
        "bucketPolicy": JSON,
        "blockAllPublicAccess": Flag(),
    },
}

# -- the file ----------------------------------------------------------------------------------------------------------

TRIGGER = Word(("push", "manual"))
SOURCE = Fields(
    {
        "branch": GIVEN,
        "pr": Flag(),
        "trigger": TRIGGER,
        "filter": Fields(
            {
                "labels": TEXTS,
                "toBranches": TEXTS,
                "toBranch": COMMAND,
                "fromBranches": TEXTS,
                "watchPaths": TEXTS,
            }
        ),
    }
)
ENVIRONMENT = Fields(
    {
        "id!": NAME,
        "name!": NAME,
        "region!": GIVEN,
        "source!": SOURCE,
        "services!": Items(
            Variant(
                "type",
                {
                    **{type_: Fields({**SERVICE, **keys}) for type_, keys in SERVICES.items()},
                    **{old: Fields({**SERVICE, **SERVICES[new]}) for old, new in OLD_TYPES.items()},
                },
                others=Fields(SERVICE, is_open=True),
            )
        ),
        "envVariables": VARIABLES,
        "vpc": Fields({"id": Text(), "cidr": Text(), "private": Flag()}),
    }
)
CONFIG = Fields({"$schema": Text(), "envVariables": VARIABLES, "environments!": Items(ENVIRONMENT)})
