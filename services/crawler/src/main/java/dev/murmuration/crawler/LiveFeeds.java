package dev.murmuration.crawler;

import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.feed.live.BlueskyFeed;
import dev.murmuration.crawler.feed.live.LiveLimits;
import dev.murmuration.crawler.feed.live.MastodonFeed;
import dev.murmuration.crawler.feed.live.XFeed;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.stage.settings.SettingException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the feeds of networks from their settings, which {@link CrawlerRules} has checked, and says which file cannot be used.
 * Secrets are read from their files here and are shown by no message.
 */
final class LiveFeeds {

    /** The feeds that are live. */
    static final Set<String> NAMES = Set.of("x", "bluesky", "mastodon");

    private static final long MAX_FILE = 1 << 20;

    private final CrawlerSettings settings;
    private final PhotoSource web;
    private final PlausibleTimes times;

    LiveFeeds(CrawlerSettings settings, PhotoSource web, PlausibleTimes times) {
        this.settings = settings;
        this.web = web;
        this.times = times;
    }

    Feed feed() {
        return switch (settings.feed()) {
            case "x" -> x();
            case "bluesky" -> bluesky();
            case "mastodon" -> mastodon();
            default -> throw new IllegalArgumentException(settings.feed() + " is not live");
        };
    }

    private LiveLimits limits() {
        LiveSettings.Live live = settings.live();
        return new LiveLimits(live.connectTimeout(), live.stallAfter(), live.maxMessageBytes());
    }

    private Feed x() {
        LiveSettings.X x = settings.x();
        String token = secret("crawler.x.bearer-token", x.bearerToken(), x.bearerTokenFile())
                .orElseThrow();
        return new XFeed(x.url(), x.stream(), token, x.backfillMinutes(), limits(), web, times);
    }

    private Feed mastodon() {
        LiveSettings.Mastodon mastodon = settings.mastodon();
        return new MastodonFeed(
                mastodon.url().orElseThrow(),
                mastodon.timeline(),
                secret("crawler.mastodon.access-token", mastodon.accessToken(), mastodon.accessTokenFile()),
                limits(),
                web,
                times);
    }

    private Feed bluesky() {
        LiveSettings.Bluesky bluesky = settings.bluesky();
        return new BlueskyFeed(
                new BlueskyFeed.Settings(
                        URI.create(bluesky.url()),
                        bluesky.photoUrl(),
                        bluesky.rewind(),
                        bluesky.lookBack(),
                        bluesky.zstdDictionary().map(file -> bytes("crawler.bluesky.zstd-dictionary", file))),
                limits(),
                web,
                times);
    }

    private static Optional<String> secret(String setting, Optional<String> value, Optional<String> file) {
        Optional<String> secret =
                value.or(() -> file.map(path -> new String(bytes(setting + "-file", path), StandardCharsets.UTF_8)));
        return secret.map(String::strip).map(text -> {
            if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new SettingException(setting, "…", "must be letters without spaces, as the network gave it");
            }
            return text;
        });
    }

    private static byte[] bytes(String setting, String file) {
        try {
            Path path = Path.of(file);
            if (Files.size(path) > MAX_FILE) {
                throw new SettingException(setting, file, "has more than %d bytes".formatted(MAX_FILE));
            }
            return Files.readAllBytes(path);
        } catch (IOException | InvalidPathException e) {
            throw new SettingException(
                    setting, file, "cannot be read: " + e.getClass().getSimpleName());
        }
    }
}
