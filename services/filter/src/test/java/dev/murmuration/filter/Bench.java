package dev.murmuration.filter;

import dev.murmuration.filter.duplicate.IndexBench;
import dev.murmuration.filter.shard.PackingBench;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** {@code ./murmuration bench filter}: what the filter does in a second, each figure beside a baseline of the same run. */
final class Bench {

    private static final String USAGE = """
        Usage: ./murmuration bench filter [--index] [--topology] [--packing] [--faults [--kills N] [--outage SECONDS] [--seed N]]

        Without options: --index --topology --packing.
          --index     near-duplicate queries a second against 1,000,000 kept photos, uniform and clustered, beside brute force
          --topology  scored tweets a second through the topology, empty and with 1,000,000 photos kept, beside a topology that passes the same records
                      with the same guarantee
          --packing   MB a second into shards, beside plain puts of the same bytes
          --faults    the filter under load while it is killed at random moments, the broker restarted, the store away, a standby taking over;
                      ends with an audit (20 kills, 60 s without store)
        """;

    private Bench() {}

    private static String value(List<String> asked, String option, String otherwise) {
        int at = asked.indexOf(option);
        return at < 0 || at + 1 == asked.size() ? otherwise : asked.get(at + 1);
    }

    /** Without Quarkus nobody sets levels, and Kafka's clients would write a line of trace for every record: a quarter of the time. */
    private static void quiet() {
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        Logger.getLogger("").setLevel(Level.WARNING);
    }

    public static void main(String... args) throws Exception {
        List<String> asked = List.of(args);
        if (asked.contains("--help") || asked.contains("-h")) {
            System.out.print(USAGE);
            return;
        }
        quiet();
        boolean all = asked.isEmpty();
        if (all || asked.contains("--index")) {
            new IndexBench(System.out).run();
        }
        if (all || asked.contains("--topology")) {
            new TopologyBench(System.out).run();
        }
        if (all || asked.contains("--packing")) {
            new PackingBench(System.out).run();
        }
        if (asked.contains("--faults")) {
            Faults.run(
                    System.out,
                    Integer.parseInt(value(asked, "--kills", "20")),
                    Duration.ofSeconds(Long.parseLong(value(asked, "--outage", "60"))),
                    Long.parseLong(value(asked, "--seed", "1")));
        }
        // Platforms and clients of the measurements have threads of their own.
        System.exit(0);
    }
}
