package dev.murmuration.crawler;

import dev.murmuration.crawler.examine.Admission;
import dev.murmuration.crawler.examine.ByteBudget;
import dev.murmuration.crawler.examine.Declarations;
import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.Oddities;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.feed.recorded.RecordedFeed;
import dev.murmuration.crawler.photo.AddressPolicy;
import dev.murmuration.crawler.photo.Inspection;
import dev.murmuration.crawler.photo.InspectionLimits;
import dev.murmuration.crawler.photo.WebLimits;
import dev.murmuration.crawler.photo.WebPhotos;
import dev.murmuration.crawler.robots.RobotsFiles;
import dev.murmuration.crawler.simulator.SimulatedFeed;
import dev.murmuration.schemas.AuthorHash;
import dev.murmuration.simulator.World;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.settings.SettingProblems;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes the parts of the crawler from its settings, and rejects files that cannot be used by the name and value of their setting. */
final class CrawlerFactory {

    private final CrawlerSettings settings;
    private final Oddities oddities;

    /** @param oddities counts of skipped and corrected input */
    CrawlerFactory(CrawlerSettings settings, Oddities oddities) {
        this.settings = settings;
        this.oddities = oddities;
    }

    /**
     * Makes once what depends on files: the values themselves were checked when they were read.
     *
     * @throws SettingException with all that are wrong
     */
    void check() {
        SettingProblems problems = new SettingProblems();
        problems.attempt(this::feed);
        problems.throwIfAny();
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
            default -> throw new IllegalArgumentException(settings.feed());
        };
    }

    private PlausibleTimes times() {
        return new PlausibleTimes(Clock.systemUTC(), settings.clockSkew(), oddities);
    }

    private RecordedFeed recorded() {
        CrawlerSettings.Recorded recorded = settings.recorded();
        String path = recorded.path().orElseThrow();
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
        return new World(
                simulator.seed(),
                simulator.photoSide(),
                simulator.agreement(),
                simulator.noise(),
                List.copyOf(simulator.mix()));
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
                            fetch.contentUsage().orElse(List.of()),
                            robotsTxt(fetch.robotsTxt()),
                            new WebLimits.Retries(fetch.tries(), fetch.retryPause(), fetch.refusals(), fetch.rest())),
                    new AddressPolicy(networks),
                    host -> List.of(InetAddress.getAllByName(host)));
        } catch (IllegalArgumentException e) {
            throw new SettingException("crawler.fetch.allowed-networks", networks, String.valueOf(e.getMessage()));
        }
    }

    private Optional<RobotsFiles.Limits> robotsTxt(LiveSettings.RobotsTxt settings) {
        boolean isHonoured =
                switch (settings.honoured()) {
                    case ALWAYS -> true;
                    case LIVE -> LiveFeeds.NAMES.contains(this.settings.feed());
                    case NEVER -> false;
                };
        return isHonoured
                ? Optional.of(
                        new RobotsFiles.Limits(settings.maxAge(), settings.retryAfter(), settings.unreachableFor()))
                : Optional.empty();
    }

    EventLimit eventLimit() {
        return new EventLimit(settings.maxEventBytes());
    }

    Admission admission() {
        return new Admission(
                settings.languages(),
                settings.moreThanWords(),
                settings.honouredPreferences().orElse(Set.of()));
    }

    Inspection inspection() {
        int parallel = settings.inspect().parallel().orElse(Runtime.getRuntime().availableProcessors());
        return new Inspection(
                new InspectionLimits(
                        settings.inspect().maxPixels(),
                        settings.inspect().minSide(),
                        settings.inspect().scaledSide(),
                        settings.inspect().maxScans(),
                        settings.inspect().timeout()),
                parallel);
    }

    Declarations declarations() {
        return new Declarations(settings.declaredAuthors());
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
        return settings.name().orElse(settings.feed());
    }
}
