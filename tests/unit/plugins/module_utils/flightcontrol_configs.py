# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Valid files of Flightcontrol, of the shapes that public repositories have: small and old ones, and every type."""

from __future__ import annotations

from typing import Any

SCHEMA = "https://app.flightcontrol.dev/schema.json"
DATABASE = {
    "id": "db",
    "name": "Database",
    "type": "rds",
    "engine": "postgres",
    "engineVersion": "16",
    "instanceSize": "db.t4g.micro",
    "storage": 20,
}
CACHE = {
    "id": "cache",
    "name": "Cache",
    "type": "elasticache",
    "engine": "redis",
    "engineVersion": "7.1",
    "instanceSize": "cache.t4g.micro",
}
WEB = {"id": "web", "name": "Web", "type": "web", "buildType": "nixpacks", "cpu": 0.5, "memory": 1}
WORKER = {"id": "worker", "name": "Worker", "type": "worker", "buildType": "docker", "cpu": 1, "memory": 2}
IMAGE_OF_WEB = {"buildType": "fromService", "containerImage": {"fromService": "web"}}
CHECK = {"timeoutSecs": 5, "intervalSecs": 30, "gracePeriodSecs": 0}


def from_service(service: str, value: str) -> dict[str, Any]:
    return {"fromService": {"id": service, "value": value}}


def environment(*services: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "production",
        "name": "Production",
        "region": "us-west-2",
        "source": {"branch": "main"},
        "services": list(services),
        **more,
    }


def config(*environments: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"$schema": SCHEMA, "environments": list(environments), **more}


# As the schema of June 2025 has it.
SAMPLES: dict[str, dict[str, Any]] = {
    "smallest": {"environments": [environment()]},
    "one website": config(
        environment(
            {
                **WEB,
                "target": {"type": "fargate"},
                "ci": {"type": "ec2"},
                "port": 3000,
                "minInstances": 1,
                "maxInstances": 3,
                "autoscaling": {"cpuThreshold": 70, "memoryThreshold": 70, "cooldownTimerSecs": 300},
                "healthCheckPath": "/healthz",
                "healthCheckGracePeriodSecs": 60,
                "startCommand": ["node", "server.js"],
                "preDeployCommand": "npm run migrate",
                "watchPaths": ["apps/web/**"],
                "envVariables": {"NODE_ENV": "production", "WORKERS": 2, "DEBUG": False},
            },
            source={"branch": "main", "pr": False, "trigger": "push"},
        )
    ),
    "database, cache and worker": config(
        environment(
            {
                **WEB,
                "dependsOn": ["db", "cache"],
                "envVariables": {
                    "DATABASE_URL": from_service("db", "dbConnectionString"),
                    "REDIS_URL": from_service("cache", "connectionString"),
                    "APP_KEY": {"fromParameterStore": "/shop/app-key"},
                    "STRIPE_KEY": {"fromSecretsManager": "arn:aws:secretsmanager:us-west-2:123456789012:secret:stripe"},
                },
            },
            {**WORKER, "dockerfilePath": "Dockerfile", "dockerContext": ".", "dependsOn": ["db"]},
            {**DATABASE, "private": True, "maxStorage": 100, "deletionProtection": True, "storageType": "gp3"},
            {**CACHE, "numberOfReplicas": 1, "clusterMode": False, "connectionStringEnvVarName": "CACHE_URL"},
            envVariables={"API_ORIGIN": from_service("web", "origin")},
            vpc={"id": "vpc-1234", "cidr": "10.10.1.0/24", "private": True},
        )
    ),
    "two environments with the same services": config(
        environment(WEB, DATABASE),
        environment(WEB, DATABASE, id="staging", name="Staging", source={"branch": "next", "trigger": "manual"}),
        envVariables={"DATABASE_HOST": from_service("db", "host"), "LOG_LEVEL": "info"},
    ),
    "preview environments": config(
        environment(
            WEB,
            id="preview",
            source={
                "pr": True,
                "filter": {"toBranches": ["main"], "fromBranches": ["feature/**"], "labels": ["deploy"]},
            },
        )
    ),
    "one image for several services": config(
        environment(
            WEB,
            {**WORKER, **IMAGE_OF_WEB, "startCommand": "npm run worker"},
            {
                "id": "jobs",
                "name": "Jobs",
                "type": "scheduler",
                "cpu": 0.25,
                "memory": 0.5,
                **IMAGE_OF_WEB,
                "jobs": {"cleanup": {"startCommand": "npm run cleanup", "schedule": "0 0 * * *", "timeout": 60}},
            },
        )
    ),
    "image of a registry": config(
        environment(
            {
                **WORKER,
                "buildType": "fromRepository",
                "containerImage": {"registryId": "ecr-9l03731", "repository": "node", "tag": "22-slim"},
            }
        )
    ),
    "static site": config(
        environment(
            {
                "id": "site",
                "name": "Site",
                "type": "static",
                "buildType": "nixpacks",
                "basePath": "./site",
                "buildCommand": "npm run build",
                "outputDirectory": "dist",
                "singlePageApp": True,
                "ci": {"type": "ec2", "instanceSize": "t3.medium", "instanceStorage": 40},
            }
        )
    ),
    "functions": config(
        environment(
            {
                "id": "zip",
                "name": "Zip",
                "type": "lambda-function",
                "buildType": "nixpacks",
                "outputDirectory": "dist",
                "lambda": {
                    "packageType": "zip",
                    "runtime": "nodejs22.x",
                    "handler": "index.handler",
                    "memory": 512,
                    "timeoutSecs": 30,
                    "fnUrl": {"enabled": True, "invokeMode": "Buffered", "cors": {"allowOrigin": ["*"], "maxAge": 0}},
                },
            },
            {
                "id": "image",
                "name": "Image",
                "type": "lambda-function",
                "buildType": "docker",
                "lambda": {"packageType": "image", "cpuArchitecture": "arm64", "fnUrl": {"enabled": False}},
            },
        )
    ),
    "network servers and a bucket": config(
        environment(
            {
                **WEB,
                "id": "tcp",
                "type": "network-server",
                "ports": [
                    {"port": 5000, "protocol": "tcp", "healthCheck": CHECK, "tls": True},
                    {"port": 5001, "protocol": "udp", "healthCheck": {"tcpPort": 5000}},
                    {"port": 5002, "protocol": "http", "healthCheck": {"path": "/healthz"}},
                ],
                "envVariables": {"BUCKET": from_service("files", "bucketName")},
            },
            {
                **WEB,
                "id": "grpc",
                "type": "private-network-server",
                "ports": [{"port": 50051, "protocol": "grpc", "healthCheck": {}}],
            },
            {
                "id": "files",
                "name": "Files",
                "type": "s3",
                "bucketNameBase": "shop-files",
                "bucketVersioning": True,
                "bucketPolicy": {"Version": "2012-10-17", "Statement": []},
            },
        )
    ),
    "everything of a container": config(
        environment(
            {
                **WEB,
                "type": "web-private",
                "target": {
                    "type": "ecs-ec2",
                    "clusterInstanceSize": "t3.large",
                    "clusterMinInstances": 1,
                    "clusterMaxInstances": 4,
                },
                "gpu": 0,
                "storage": 40,
                "privileged": False,
                "containerInsights": True,
                "dockerLabels": {"team": "shop"},
                "permissions": {"inline": {"Version": "2012-10-17"}, "attach": ["arn:aws:iam::aws:policy/ReadOnly"]},
                "sidecars": [
                    {
                        "name": "agent",
                        "image": "datadog/agent:7",
                        "cpuAllotment": 0.1,
                        "memoryAllotment": 0.25,
                        "ports": [8126],
                        "envVariables": {"DD_API_KEY": {"fromParameterStore": "/datadog"}},
                    }
                ],
                "logging": {
                    "cloudwatchLogsRetentionDays": 30,
                    "firelens": {
                        "configSource": "inline",
                        "config": [{"name": "datadog", "match": "*", "options": {"TLS": "on"}}],
                    },
                },
                "experimental": {"runAsNonRootUser": True},
                "stickySessionsEnabled": True,
                "port": "8080",
            }
        )
    ),
}
# Of before that schema.
OLD_SAMPLES: dict[str, dict[str, Any]] = {
    "Redwood of 2022": config(
        environment(
            {
                **WEB,
                "id": "api",
                "type": "fargate",
                "postBuildCommand": "echo 0",
                "domain": "api.example.com",
                "envVariables": {"WEB_URL": from_service("site", "origin")},
            },
            {"id": "site", "name": "Site", "type": "static", "outputDirectory": "web/dist", "domain": "example.com"},
            {"id": "queue", "name": "Queue", "type": "fargate-worker", "cpu": 0.25, "memory": 0.5},
            {**DATABASE, "engineVersion": "12", "connectionStringEnvVarName": "DATABASE_URL"},
        )
    ),
    "one image, of before containerImage": config(
        environment(
            {**WEB, "type": "fargate"},
            {**WORKER, "type": "fargate-worker", "buildType": "fromService", "fromService": "web"},
        )
    ),
}
