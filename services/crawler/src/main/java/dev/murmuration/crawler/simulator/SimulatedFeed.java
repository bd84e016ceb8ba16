package dev.murmuration.crawler.simulator;

import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.PositionException;
import dev.murmuration.crawler.feed.Times;
import dev.murmuration.crawler.feed.XLine;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.simulator.SimulatedStream;
import dev.murmuration.simulator.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The simulated stream, line for line in the shape of X's API v2. A position is {@code <seed>:<deliveries so far>}. */
public final class SimulatedFeed implements Feed {

    private static final Pattern POSITION = Pattern.compile("(-?\\d{1,19}):(\\d{1,18})");
    private static final double NANOS = 1e9;

    private final World world;
    private final long records;
    private final double rate;

    /**
     * Draws from this world.
     *
     * @param records deliveries until it ends; 0 for no end
     * @param rate deliveries per second; 0 for as many as are taken
     */
    public SimulatedFeed(World world, long records, double rate) {
        this.world = world;
        this.records = records == 0 ? Long.MAX_VALUE : records;
        this.rate = rate;
    }

    @Override
    public String source() {
        return "simulator";
    }

    @Override
    public PhotoSource photos() {
        return new SimulatedPhotos(world);
    }

    @Override
    public Deliveries after(String position) {
        if (position.isEmpty()) {
            return new Simulated(0);
        }
        Matcher matcher = POSITION.matcher(position);
        if (!matcher.matches() || !matcher.group(1).equals(Long.toString(world.seed()))) {
            throw new PositionException("the stored cursor '%s' is not of seed %d".formatted(position, world.seed()));
        }
        return new Simulated(Long.parseLong(matcher.group(2)));
    }

    private final class Simulated implements Deliveries {
        private final SimulatedStream lines = new SimulatedStream(world);
        private final long first;
        private final long start = System.nanoTime();
        private long n;

        Simulated(long first) {
            this.first = first;
            this.n = first;
        }

        @Override
        public Optional<Delivery> next() throws InterruptedException {
            if (n >= records) {
                return Optional.empty();
            }
            keepPace();
            byte[] line = lines.line(n);
            Instant arrived = SimulatedStream.time(n);
            n++;
            return Optional.of(XLine.parse(line, said -> new Times(said, arrived), world.seed() + ":" + n));
        }

        private void keepPace() throws InterruptedException {
            if (rate > 0) {
                long due = start + (long) ((n - first) / rate * NANOS);
                long early = due - System.nanoTime();
                if (early > 0) {
                    Thread.sleep(Duration.ofNanos(early));
                }
            }
        }

        @Override
        public void close() {}
    }
}
