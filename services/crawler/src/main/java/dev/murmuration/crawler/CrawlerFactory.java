package dev.murmuration.crawler;

import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.Oddities;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.feed.recorded.RecordedFeed;
import dev.murmuration.crawler.photo.AddressPolicy;
import dev.murmuration.crawler.photo.Inspection;
import dev.murmuration.crawler.photo.InspectionLimits;
import dev.murmuration.crawler.photo.WebLimits;
import dev.murmuration.crawler.photo.WebPhotos;
import dev.murmuration.crawler.simulator.SimulatedFeed;
import dev.murmuration.simulator.World;
import dev.murmuration.stage.SettingException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Makes the parts of the crawler from its settings, and rejects wrong ones by name and value. */
final class CrawlerFactory {

    private static final int MAX_AHEAD = 100_000;
    private static final int MAX_NAME_LENGTH = 128;

    private final CrawlerSettings settings;
    private final Oddities oddities;

    /**
     * Checks the settings.
     *
     * @param oddities counts of skipped and corrected input
     * @throws SettingException if one is wrong
     */
    CrawlerFactory(CrawlerSettings settings, Oddities oddities) {
        this.settings = settings;
        this.oddities = oddities;
        between("crawler.more-than-words", settings.moreThanWords(), 0, 1_000);
        between("crawler.recent-ids", settings.recentIds(), 0, 20_000);
        between("crawler.sent-tweets", settings.sentTweets(), 0, 10_000_000);
        between("crawler.ahead", settings.ahead(), 1, MAX_AHEAD);
        between("crawler.max-photos", settings.maxPhotos(), 1, 1_000);
        between("crawler.max-event-bytes", settings.maxEventBytes(), 1 << 10, 1 << 24);
        between("crawler.memory-bytes", settings.memoryBytes(), settings.fetch().maxBytes(), 1L << 36);
        between("crawler.transaction.records", settings.transaction().records(), 1, MAX_AHEAD);
        between("crawler.transaction.max-age", settings.transaction().maxAge(), 1, 30_000);
        between("crawler.recorded.max-line-bytes", settings.recorded().maxLineBytes(), 1 << 10, 1 << 28);
        between("crawler.fetch.timeout", settings.fetch().timeout(), 1, 600_000);
        between("crawler.fetch.max-bytes", settings.fetch().maxBytes(), 1 << 10, 1 << 30);
        between("crawler.fetch.redirects", settings.fetch().redirects(), 0, 20);
        between("crawler.fetch.tries", settings.fetch().tries(), 1, 10);
        between("crawler.fetch.retry-pause", settings.fetch().retryPause(), 1, 600_000);
        between("crawler.fetch.refusals", settings.fetch().refusals(), 1, 1_000_000);
        between("crawler.fetch.rest", settings.fetch().rest(), 0, 86_400_000);
        between("crawler.fetch.parallel", settings.fetch().parallel(), 1, 10_000);
        between("crawler.fetch.parallel-per-host", settings.fetch().parallelPerHost(), 1, 1_000);
        between("crawler.inspect.max-pixels", settings.inspect().maxPixels(), 1 << 10, 1L << 30);
        between("crawler.inspect.min-side", settings.inspect().minSide(), 5, 10_000);
        between("crawler.inspect.scaled-side", settings.inspect().scaledSide(), 32, 1 << 16);
        between("crawler.inspect.max-scans", settings.inspect().maxScans(), 1, 10_000);
        between("crawler.inspect.timeout", settings.inspect().timeout(), 1, 600_000);
        if (settings.authorSalt().isEmpty()) {
            throw new SettingException("crawler.author-salt", "", "must not be empty");
        }
    }

    static void between(String setting, long value, long min, long max) {
        if (value < min || value > max) {
            throw new SettingException(setting, value, "must be from %d to %d".formatted(min, max));
        }
    }

    static void between(String setting, Duration value, long minMillis, long maxMillis) {
        if (value.toMillis() < minMillis || value.toMillis() > maxMillis) {
            throw new SettingException(setting, value, "must be from %d to %d ms".formatted(minMillis, maxMillis));
        }
    }

    Feed feed() {
        return switch (settings.feed()) {
            case "recorded" -> recorded();
            case "simulator" ->
                new SimulatedFeed(
                        world(),
                        settings.simulator().records(),
                        settings.simulator().rate());
            case "x", "bluesky", "mastodon" -> new LiveFeeds(settings, web(), times()).feed();
            default ->
                throw new SettingException(
                        "crawler.feed", settings.feed(), "must be recorded, simulator, x, bluesky or mastodon");
        };
    }

    private PlausibleTimes times() {
        between("crawler.clock-skew", settings.clockSkew(), 0, 86_400_000);
        return new PlausibleTimes(Clock.systemUTC(), settings.clockSkew(), oddities);
    }

    private RecordedFeed recorded() {
        CrawlerSettings.Recorded recorded = settings.recorded();
        String path = recorded.path()
                .orElseThrow(() -> new SettingException(
                        "crawler.recorded.path", "", "is needed: a folder with tweets.jsonl or such a file"));
        if (!(recorded.speed() >= 0) || recorded.speed() > 1e6) {
            throw new SettingException("crawler.recorded.speed", recorded.speed(), "must be from 0 to 1000000");
        }
        between("crawler.recorded.longest-pause", recorded.longestPause(), 0, 86_400_000);
        try {
            return new RecordedFeed(
                    Path.of(path),
                    new RecordedFeed.Settings(
                            recorded.maxLineBytes(),
                            settings.fetch().maxBytes(),
                            recorded.tail(),
                            recorded.speed(),
                            recorded.longestPause()),
                    times(),
                    web());
        } catch (IOException | InvalidPathException e) {
            throw new SettingException("crawler.recorded.path", path, String.valueOf(e.getMessage()));
        }
    }

    /** The simulator's world. */
    World world() {
        CrawlerSettings.Simulator simulator = settings.simulator();
        between("crawler.simulator.records", simulator.records(), 0, Long.MAX_VALUE);
        between("crawler.simulator.photo-side", simulator.photoSide(), 64, 2_048);
        between("crawler.simulator.benchmark-photos", simulator.benchmarkPhotos(), 3, 100_000);
        share("crawler.simulator.agreement", simulator.agreement());
        share("crawler.simulator.noise", simulator.noise());
        if (!(simulator.rate() >= 0) || simulator.rate() > 1e6) {
            throw new SettingException("crawler.simulator.rate", simulator.rate(), "must be from 0 to 1000000");
        }
        List<Double> mix = simulator.mix();
        if (mix.size() != 3
                || mix.stream().anyMatch(share -> !(share >= 0 && share <= 1e6))
                || mix.stream().noneMatch(share -> share > 0)) {
            throw new SettingException(
                    "crawler.simulator.mix", mix, "must be three shares: of negative, neutral and positive scenes");
        }
        return new World(
                simulator.seed(), simulator.photoSide(), simulator.agreement(), simulator.noise(), List.copyOf(mix));
    }

    private static void share(String setting, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new SettingException(setting, value, "must be from 0 to 1");
        }
    }

    private WebPhotos web() {
        CrawlerSettings.Fetch fetch = settings.fetch();
        List<String> networks = fetch.allowedNetworks().orElse(List.of());
        try {
            return new WebPhotos(
                    new WebLimits(
                            fetch.timeout(),
                            fetch.maxBytes(),
                            fetch.redirects(),
                            fetch.parallel(),
                            fetch.parallelPerHost(),
                            fetch.ports(),
                            fetch.agent(),
                            fetch.robots(),
                            new WebLimits.Retries(fetch.tries(), fetch.retryPause(), fetch.refusals(), fetch.rest())),
                    new AddressPolicy(networks),
                    host -> List.of(InetAddress.getAllByName(host)));
        } catch (IllegalArgumentException e) {
            throw new SettingException("crawler.fetch.allowed-networks", networks, String.valueOf(e.getMessage()));
        }
    }

    EventLimit eventLimit() {
        return new EventLimit(settings.maxEventBytes());
    }

    Admission admission() {
        return new Admission(settings.languages(), settings.moreThanWords());
    }

    Inspection inspection() {
        int parallel = settings.inspect().parallel().orElse(Runtime.getRuntime().availableProcessors());
        between("crawler.inspect.parallel", parallel, 1, 1_000);
        return new Inspection(
                new InspectionLimits(
                        settings.inspect().maxPixels(),
                        settings.inspect().minSide(),
                        settings.inspect().scaledSide(),
                        settings.inspect().maxScans(),
                        settings.inspect().timeout()),
                parallel);
    }

    AuthorHash authors() {
        return new AuthorHash(settings.authorSalt());
    }

    ByteBudget memory() {
        return new ByteBudget(settings.memoryBytes());
    }

    Crawl.Limits limits() {
        return new Crawl.Limits(
                settings.ahead(),
                settings.transaction().records(),
                settings.transaction().maxAge());
    }

    /** The name that the feed's cursor is stored under. */
    String feedName() {
        String name = settings.name().orElse(settings.feed());
        if (name.isBlank() || name.contains("/") || name.length() > MAX_NAME_LENGTH) {
            throw new SettingException(
                    "crawler.name",
                    name,
                    "must not be blank, must not contain a slash and have at most %d characters"
                            .formatted(MAX_NAME_LENGTH));
        }
        return name;
    }
}
