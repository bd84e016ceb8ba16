package dev.murmuration.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Prometheus's rules of the repository. */
record Rules(JsonNode file) {

    static final String PATH = "docker/prometheus/rules/murmuration.yml";

    static Rules read() {
        return new Rules(Repository.yaml(PATH));
    }

    List<JsonNode> all() {
        List<JsonNode> rules = new ArrayList<>();
        file.get("groups").forEach(group -> group.get("rules").forEach(rules::add));
        return rules;
    }

    Set<String> recorded() {
        Set<String> names = new TreeSet<>();
        all().stream()
                .filter(rule -> rule.has("record"))
                .forEach(rule -> names.add(rule.get("record").asText()));
        return names;
    }

    Set<String> alerts() {
        Set<String> names = new TreeSet<>();
        all().stream()
                .filter(rule -> rule.has("alert"))
                .forEach(rule -> names.add(rule.get("alert").asText()));
        return names;
    }

    List<String> problems(Metrics metrics) {
        List<String> problems = new ArrayList<>();
        for (JsonNode rule : all()) {
            String name = rule.path("alert").asText(rule.path("record").asText());
            metrics.problems(rule.get("expr").asText(), recorded())
                    .forEach(problem -> problems.add(name + ": " + problem));
            if (rule.has("alert")) {
                String runbook = rule.at("/annotations/runbook").asText();
                if (!runbook.equals("docs/runbooks/" + name + ".md") || !Files.exists(Repository.path(runbook))) {
                    problems.add("%s: no runbook %s".formatted(name, runbook));
                }
                if (!Set.of("page", "ticket")
                        .contains(rule.at("/labels/severity").asText())) {
                    problems.add(name + ": neither a page nor a ticket");
                }
                if (!rule.at("/annotations/summary").isTextual()) {
                    problems.add(name + ": says nothing");
                }
            }
        }
        return problems;
    }

    /**
     * Two seconds for a minute; what looks hours back looks back one minute, a day is five minutes and a week ten. A day must be
     * longer than a service takes to start on a busy machine: while a restarted service has no rates yet, what lies a day back is
     * still from before its fault.
     */
    static String hurried(String rules) {
        String hurried =
                Pattern.compile("(?<![\\w.])(\\d+)([mhd])\\b").matcher(rules).replaceAll(time -> seconds(time) + "s");
        return hurried.replaceAll("> 900\\b", "> 30")
                .replaceAll("> 1800\\b", "> 60")
                .replaceAll("> 60 or\\b", "> 2 or");
    }

    private static long seconds(MatchResult time) {
        long count = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "m" -> 2 * count;
            case "h" -> 60;
            default -> count == 1 ? 300 : 600;
        };
    }
}
