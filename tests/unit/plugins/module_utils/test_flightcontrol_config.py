# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from ansible_collections.webops.paas.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.webops.paas.plugins.module_utils._flightcontrol import config as checker
from ansible_collections.webops.paas.tests.unit.plugins.module_utils.flightcontrol_configs import (
    CACHE,
    CHECK,
    DATABASE,
    IMAGE_OF_WEB,
    OLD_SAMPLES,
    SAMPLES,
    WEB,
    WORKER,
    config,
    environment,
    from_service,
)

ALL = {**SAMPLES, **OLD_SAMPLES}
FIRST = "environments[0].services[0]"
VARIABLE = f"{FIRST}.envVariables.A"


def web(**more: Any) -> dict[str, Any]:
    return config(environment({**WEB, **more}))


def variable(value: Any) -> dict[str, Any]:
    return web(envVariables={"A": value})


def needing(*needs: tuple[str, list[str]]) -> dict[str, Any]:
    return config(environment(*({**WEB, "id": name, "dependsOn": others} for name, others in needs)))


def port(**more: Any) -> dict[str, Any]:
    return web(type="network-server", ports=[{"port": 1, "protocol": "tcp", "healthCheck": CHECK, **more}])


def function(**more: Any) -> dict[str, Any]:
    service = {"id": "f", "name": "F", "type": "lambda-function", "buildType": "nixpacks", "outputDirectory": "."}
    return config(
        environment({**service, "lambda": {"packageType": "zip", "runtime": "python3.12", "handler": "a.b", **more}})
    )


@pytest.mark.parametrize("document", ALL.values(), ids=list(ALL))
def test_valid_files_have_no_problems(document):
    assert checker.problems_of(document) == []
    assert [found["id"] for found in checker.environments_of(document)] == [
        given["id"] for given in document["environments"]
    ]


# (document, place, words of the message)
ERRORS = [
    ([], "", "an object, a list"),
    ({}, "", "environments"),
    ({"environments": {}}, "environments", "a list, an object"),
    (config(7), "environments[0]", "an object, 7"),
    (config({}), "environments[0]", "services"),
    (config(environment(name="")), "environments[0].name", "empty"),
    (config(environment(id="x" * 192)), "environments[0].id", "191, 192"),
    (config(environment(), environment()), "environments[1].id", 'environments[0], "production"'),
    (config(environment(source={})), "environments[0].source", "branch, pr"),
    (config(environment(source={"branch": "main", "trigger": "always"})), "environments[0].source.trigger", "manual"),
    (config(environment(vpc={"private": "yes"})), "environments[0].vpc.private", 'true or false, "yes"'),
    (config(environment(WEB, WEB)), "environments[0].services[1].id", f'{FIRST}, "web"'),
    (config(environment({"id": "a", "name": "A"})), FIRST, "type"),
    (config(environment({"id": "a", "name": "A", "type": "web", "cpu": 1})), FIRST, "memory"),
    (web(cpu="1"), f"{FIRST}.cpu", '0.125, "1"'),
    (web(cpu=0.1), f"{FIRST}.cpu", "at least 0.125, 0.1"),
    (web(cpu=True), f"{FIRST}.cpu", "a number, true"),
    (web(storage=20.5), f"{FIRST}.storage", "an integer from 20 to 200, 20.5"),
    (web(healthCheckPath="health"), f"{FIRST}.healthCheckPath", "slash"),
    (web(healthCheckTimeoutSecs=1), f"{FIRST}.healthCheckTimeoutSecs", "from 2 to 120, 1"),
    (web(minInstances=3, maxInstances=2), f"{FIRST}.maxInstances", "minInstances, 3, 2"),
    (web(startCommand=["a", 1]), f"{FIRST}.startCommand[1]", "a string, 1"),
    (web(startCommand={}), f"{FIRST}.startCommand", "a string or a list, an object"),
    (web(target={"type": "ecs-ec2"}), f"{FIRST}.target", "clusterInstanceSize"),
    (web(target={}), f"{FIRST}.target", "type"),
    (web(sidecars=[{}]), f"{FIRST}.sidecars[0]", "image"),
    (web(permissions={"attach": ["ReadOnly"]}), f"{FIRST}.permissions.attach[0]", 'ARN, "ReadOnly"'),
    # Between services.
    (needing(("a", ["b"])), f"{FIRST}.dependsOn[0]", 'same environment, "b", Known are a'),
    (needing(("web", []), ("a", ["web", "wep"])), "environments[0].services[1].dependsOn[1]", 'wep", Did you mean web'),
    (needing(("a", ["a"])), f"{FIRST}.dependsOn[0]", "itself"),
    (needing(("a", ["b"]), ("b", ["c"]), ("c", ["b"])), "environments[0].services[1].dependsOn", "b -> c -> b"),
    (needing(("a", [7])), f"{FIRST}.dependsOn[0]", "a string, 7"),
    (
        config(environment(WEB), environment({**WORKER, "dependsOn": ["web"]}, id="staging")),
        "environments[1].services[0].dependsOn[0]",
        "same environment",
    ),
    (config(environment({**WORKER, **IMAGE_OF_WEB})), f"{FIRST}.containerImage.fromService", '"web"'),
    (web(buildType="fromService"), FIRST, "containerImage.fromService, buildType"),
    (web(buildType="fromRepository", containerImage={"repository": "node"}), FIRST, "registryId, buildType"),
    # Variables.
    (variable(None), VARIABLE, "a string, null"),
    (variable([1]), VARIABLE, "a string, a list"),
    (variable({}), VARIABLE, "exactly one, fromService, none"),
    (variable({"fromParameterStore": "/a", "fromSecretsManager": "arn:b"}), VARIABLE, "exactly one"),
    (variable({"fromParameterStore": ""}), f"{VARIABLE}.fromParameterStore", "empty"),
    (variable({"fromService": "db"}), f"{VARIABLE}.fromService", 'an object, "db"'),
    (variable({"fromService": {"id": "web"}}), f"{VARIABLE}.fromService", "value"),
    (variable(from_service("db", "host")), f"{VARIABLE}.fromService.id", 'same environment, "db"'),
    (
        config(environment(WEB, envVariables={"A": from_service("wep", "host")})),
        "environments[0].envVariables.A.fromService.id",
        "Did you mean web",
    ),
    (
        config(environment(WEB), envVariables={"A B": from_service("db", "host")}),
        'envVariables["A B"].fromService.id',
        '"db"',
    ),
    (
        web(
            sidecars=[
                {
                    **SAMPLES["everything of a container"]["environments"][0]["services"][0]["sidecars"][0],
                    "envVariables": {"A": from_service("db", "host")},
                }
            ]
        ),
        f"{FIRST}.sidecars[0].envVariables.A.fromService.id",
        '"db"',
    ),
    # Other types.
    (config(environment({**DATABASE, "engineVersion": 16})), f"{FIRST}.engineVersion", "a string, 16"),
    (config(environment({**DATABASE, "storage": 10})), f"{FIRST}.storage", "20 to 65536, 10"),
    (config(environment({**CACHE, "instanceSize": "t4g.micro"})), f"{FIRST}.instanceSize", "cache."),
    (port(port="a"), f"{FIRST}.ports[0].port", '"a"'),
    (port(protocol="udp"), f"{FIRST}.ports[0].healthCheck", "tcpPort, udp"),
    (web(type="network-server", ports=[]), f"{FIRST}.ports", "at least 1 item"),
    (function(timeoutSecs=901), f"{FIRST}.lambda.timeoutSecs", "1 to 900, 901"),
    (
        config(environment({"id": "f", "name": "F", "type": "s3", "bucketNameBase": "A_b"})),
        f"{FIRST}.bucketNameBase",
        'lowercase, "A_b"',
    ),
]
DOUBTS = [
    (config(version=2), "version", "not known, envVariables"),
    (config(environment(regions=[])), "environments[0].regions", "not known"),
    (web(healthcheckPath="/"), f"{FIRST}.healthcheckPath", "Did you mean healthCheckPath"),
    (web(type="wbe"), f"{FIRST}.type", '"wbe", Did you mean web'),
    (web(buildType="buildpacks"), f"{FIRST}.buildType", '"buildpacks"'),
    (web(ci={"type": "own", "size": 1}), f"{FIRST}.ci.type", '"own", codebuild, ec2'),
    (config(environment({**DATABASE, "engineVersion": "99"})), f"{FIRST}.engineVersion", '"99", postgres, 18'),
    (config(environment({**DATABASE, "engine": "oracle"})), f"{FIRST}.engine", '"oracle"'),
    (config(environment(WEB, source={"branch": "a", "filter": {}})), "environments[0].source.filter", "pr: true"),
    (variable({"fromVault": "a"}), f"{VARIABLE}.fromVault", "fromParameterStore"),
    (variable(from_service("web", "hosts")), f"{VARIABLE}.fromService.value", "Did you mean host"),
    (variable(from_service("web", "dbConnectionString")), f"{VARIABLE}.fromService.value", "rds, web"),
    (
        config(environment(WEB), environment(id="staging"), envVariables={"A": from_service("web", "host")}),
        "envVariables.A.fromService.id",
        "environments[1]",
    ),
]


def named(cases):
    return [f"{number} {place}" for number, (_document, place, _words) in enumerate(cases)]


@pytest.mark.parametrize("document, place, words", ERRORS, ids=named(ERRORS))
def test_an_error_names_its_place_what_is_wrong_and_what_is_allowed(document, place, words):
    [message] = [
        found.message for found in checker.problems_of(document) if found.place == place and not found.is_doubt
    ]
    assert all(word in message for word in words.split(", ")), message


@pytest.mark.parametrize("document, place, words", DOUBTS, ids=named(DOUBTS))
def test_what_is_not_known_is_a_doubt_and_no_error(document, place, words):
    [problem] = checker.problems_of(document)
    assert problem.place == place and problem.is_doubt
    assert all(word in problem.message for word in words.split(", ")), problem.message


def test_all_problems_are_found_at_once():
    document = config(environment({**WEB, "cpu": "1", "dependsOn": ["a"], "memori": 1}, region=""))
    assert [(problem.place, problem.is_doubt) for problem in checker.problems_of(document)] == [
        ("environments[0].region", False),
        (f"{FIRST}.cpu", False),
        (f"{FIRST}.memori", True),
        (f"{FIRST}.dependsOn[0]", False),
    ]


def test_ports_of_load_balancers_are_known():
    assert checker.problems_of(variable(from_service("web", "loadBalancerPort8080"))) == []


def test_cycles_are_found_once_and_branches_that_meet_again_are_none():
    meeting = needing(("a", ["b", "c"]), ("b", ["d"]), ("c", ["d"]), ("d", []))
    assert checker.problems_of(meeting) == []
    ring = needing(*((str(number), [str((number + 1) % 1500)]) for number in range(1500)))
    [problem] = checker.problems_of(ring)
    assert problem.place == f"{FIRST}.dependsOn" and problem.message.count("->") == 1500
    two = needing(("a", ["b"]), ("b", ["a"]), ("c", ["d", "a"]), ("d", ["c"]))
    assert len(checker.problems_of(two)) == 2


def test_values_of_variables_are_never_quoted():
    document = config(
        environment(
            {
                **WEB,
                "envVariables": {"A": ["hush"], "B": {"value": "hush"}, "C": {"fromParameterStore": {"hush": 1}}},
                "experimental": {"datadog": {"enabled": 1, "datadogSite": "a", "datadogApiKey": 5417}},
            }
        )
    )
    messages = [problem.message for problem in checker.problems_of(document)]
    assert len(messages) >= 5 and not any("hush" in message or "5417" in message for message in messages)


@pytest.mark.parametrize("seed", range(5))
def test_any_document_has_an_ordinary_result(seed):
    """Whatever takes the place of a part, all checks cope with it."""
    choose = random.Random(seed)
    odd = (None, True, 7, -1.5, "zz", "", [], {}, [7], {"id": {}}, {"id": ["a"]}, [[]], float("nan"))
    for _time in range(120):
        document = copy.deepcopy(choose.choice(list(ALL.values())))
        for _change in range(choose.randrange(1, 4)):
            parent, key = choose.choice(list(parts(document)))
            parent[key] = copy.deepcopy(choose.choice(odd))
        problems = checker.problems_of(document)
        assert all(problem.message.endswith(".") for problem in problems)
        if not any(not problem.is_doubt for problem in problems):
            json.dumps(checker.environments_of(document))


def parts(value):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield value, key
        yield from parts(item)


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.yml"])
def test_files_are_read_by_their_names(tmp_path, name):
    document = SAMPLES["one website"]
    (tmp_path / name).write_text(json.dumps(document))
    assert checker.read("src", str(tmp_path / name)) == document


def test_yaml_is_read_as_other_tools_read_it(tmp_path):
    (tmp_path / "a.yaml").write_text("environments: []\nenvVariables: {A: yes, B: 012, C: 1.5, D: 12:30}\n")
    assert checker.read("src", str(tmp_path / "a.yaml"))["envVariables"] == {
        "A": "yes",
        "B": "012",
        "C": 1.5,
        "D": "12:30",
    }


@pytest.mark.parametrize(
    "name, text, words",
    [
        ("a.txt", "{}", "ends in .json"),
        ("a.cue", "{}", "ends in .json"),
        ("missing.json", None, "No such file"),
        ("a.json", '{"a": 1\n,}', "not valid JSON (line 2)"),
        ("a.json", "{\n// hush\n}", "not valid JSON (line 2)"),
        ("a.json", '{"a": 1,\n"a": 2}', "'a' twice in one object (line 2)"),
        ("a.yaml", "a: [", "not valid YAML"),
        ("a.yaml", "a: 1\na: 2", "'a' twice in one object (line 2)"),
    ],
)
def test_files_that_cannot_be_read_are_refused_by_name(tmp_path, name, text, words):
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(InvalidInput) as refused:
        checker.read("src", str(tmp_path / name))
    assert refused.value.option == "src" and words in refused.value.message and "hush" not in refused.value.message
