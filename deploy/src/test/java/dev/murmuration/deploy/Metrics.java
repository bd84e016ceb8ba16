package dev.murmuration.deploy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics: as docs/metrics.md lists them, and as the code makes them. */
record Metrics(Map<String, Metric> byName) {

    enum Type {
        COUNTER,
        GAUGE,
        TIMER
    }

    record Metric(String name, Type type, Set<String> labels) {

        /** By which Micrometer knows it: without the ending that Prometheus's conventions add. */
        String meter() {
            return name.replaceFirst("_total$", "").replaceFirst("_seconds$", type == Type.TIMER ? "" : "_seconds");
        }

        /** The series that Prometheus has of it. */
        Set<String> series() {
            return type == Type.TIMER ? Set.of(name + "_count", name + "_sum", name + "_max") : Set.of(name);
        }
    }

    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z_]+)` \\| (counter|gauge|timer)[ ¹]* \\|([^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern LITERAL = Pattern.compile("\"(murmuration\\.[a-z.]+)\"");
    private static final Pattern QUOTED = Pattern.compile("`([a-zA-Z_]+)`");

    /** What Prometheus makes itself or puts on every series. */
    private static final Set<String> EVERYWHERE = Set.of("job", "instance", "service");

    private static final Pattern WORD = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern MATCHERS = Pattern.compile("\\{([^}]*)}");
    private static final Pattern BY = Pattern.compile("\\b(?:by|on)\\s*\\(([^)]*)\\)");
    private static final Set<String> LANGUAGE = Set.of(
            "sum",
            "max",
            "min",
            "avg",
            "count",
            "by",
            "on",
            "rate",
            "increase",
            "changes",
            "ceil",
            "abs",
            "clamp_min",
            "max_over_time",
            "and",
            "or",
            "unless",
            "offset",
            "vector",
            "h",
            "m",
            "d",
            "s");

    static Metrics documented() {
        Map<String, Metric> metrics = new TreeMap<>();
        Matcher row = ROW.matcher(Repository.text("docs/metrics.md"));
        while (row.find()) {
            Set<String> labels = new TreeSet<>();
            Matcher label = QUOTED.matcher(row.group(3));
            while (label.find()) {
                labels.add(label.group(1));
            }
            Type type = Type.valueOf(row.group(2).toUpperCase(java.util.Locale.ROOT));
            metrics.put(row.group(1), new Metric(row.group(1), type, labels));
        }
        return new Metrics(metrics);
    }

    /** The names in the code, as Micrometer has them with underscores. */
    static Set<String> inCode() {
        Set<String> meters = new TreeSet<>();
        List<Path> sources = new ArrayList<>(Repository.files("services", ".java"));
        sources.addAll(Repository.files("libs", ".java"));
        for (Path source : sources) {
            if (source.toString().contains("/src/main/")) {
                Matcher literal = LITERAL.matcher(Repository.text(source));
                while (literal.find()) {
                    meters.add(literal.group(1).replace('.', '_'));
                }
            }
        }
        return meters;
    }

    /** What is wrong with an expression in PromQL, each problem in one line; {@code recorded} are the names that rules record. */
    List<String> problems(String expression, Set<String> recorded) {
        List<String> problems = new ArrayList<>();
        Set<String> labels = new TreeSet<>();
        Matcher matchers = MATCHERS.matcher(expression);
        while (matchers.find()) {
            for (String each : matchers.group(1).split(",", -1)) {
                labels.add(each.split("[=!]", 2)[0].strip());
            }
        }
        Matcher by = BY.matcher(expression);
        while (by.find()) {
            for (String each : by.group(1).split(",", -1)) {
                labels.add(each.strip());
            }
        }
        String bare = BY.matcher(MATCHERS.matcher(expression).replaceAll(""))
                .replaceAll("")
                .replaceAll("\\[[^]]*]", "");
        Set<String> known = new TreeSet<>(EVERYWHERE);
        boolean records = false;
        Matcher word = WORD.matcher(bare.replaceAll("\\b[0-9.]+[smhdw]?\\b", ""));
        while (word.find()) {
            String name = word.group();
            if (LANGUAGE.contains(name) || name.equals("up")) {
                continue;
            }
            if (name.contains(":")) {
                records = true;
                if (!recorded.contains(name)) {
                    problems.add("no rule records " + name);
                }
                continue;
            }
            Metric metric = byName.values().stream()
                    .filter(each -> each.series().contains(name))
                    .findFirst()
                    .orElse(null);
            if (metric == null) {
                problems.add("no metric " + name);
            } else {
                known.addAll(metric.labels());
            }
        }
        if (!records) {
            labels.removeAll(known);
            labels.forEach(label -> problems.add("no label " + label));
        }
        return problems;
    }
}
