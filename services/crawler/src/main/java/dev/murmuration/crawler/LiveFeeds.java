package dev.murmuration.crawler;

import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.feed.live.BlueskyFeed;
import dev.murmuration.crawler.feed.live.LiveLimits;
import dev.murmuration.crawler.feed.live.MastodonFeed;
import dev.murmuration.crawler.feed.live.XFeed;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.stage.SettingException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes the feeds of networks from their settings, and says which setting is wrong. Secrets are read from their files here and are shown by no message. */
final class LiveFeeds {

    private static final long LARGEST_FILE = 1 << 20;
    private static final int MOST_BACKFILL_MINUTES = 5;

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
        CrawlerSettings.Live live = settings.live();
        CrawlerFactory.between("crawler.live.connect-timeout", live.connectTimeout(), 1, 600_000);
        CrawlerFactory.between("crawler.live.stall-after", live.stallAfter(), 100, 3_600_000);
        CrawlerFactory.between("crawler.live.max-message-bytes", live.maxMessageBytes(), 1 << 10, 1 << 24);
        return new LiveLimits(live.connectTimeout(), live.stallAfter(), live.maxMessageBytes());
    }

    private Feed x() {
        CrawlerSettings.X x = settings.x();
        CrawlerFactory.between("crawler.x.backfill-minutes", x.backfillMinutes(), 0, MOST_BACKFILL_MINUTES);
        String token = secret("crawler.x.bearer-token", x.bearerToken(), x.bearerTokenFile())
                .orElseThrow(() -> new SettingException(
                        "crawler.x.bearer-token", "", "is needed, or crawler.x.bearer-token-file"));
        return new XFeed(
                web("crawler.x.url", x.url()),
                choice("crawler.x.stream", x.stream(), XFeed.Stream.values()),
                token,
                x.backfillMinutes(),
                limits(),
                web,
                times);
    }

    private Feed mastodon() {
        CrawlerSettings.Mastodon mastodon = settings.mastodon();
        String url = mastodon.url()
                .orElseThrow(() -> new SettingException(
                        "crawler.mastodon.url", "", "is needed: a server, such as https://mastodon.social"));
        return new MastodonFeed(
                web("crawler.mastodon.url", url),
                choice("crawler.mastodon.timeline", mastodon.timeline(), MastodonFeed.Timeline.values()),
                secret("crawler.mastodon.access-token", mastodon.accessToken(), mastodon.accessTokenFile()),
                limits(),
                web,
                times);
    }

    private Feed bluesky() {
        CrawlerSettings.Bluesky bluesky = settings.bluesky();
        CrawlerFactory.between("crawler.bluesky.rewind", bluesky.rewind(), 0, 60_000);
        CrawlerFactory.between("crawler.bluesky.look-back", bluesky.lookBack(), 1, 1L << 40);
        String photoUrl = bluesky.photoUrl();
        if (!photoUrl.contains("{did}") || !photoUrl.contains("{cid}")) {
            throw new SettingException("crawler.bluesky.photo-url", photoUrl, "must hold {did} and {cid}");
        }
        return new BlueskyFeed(
                new BlueskyFeed.Settings(
                        address("crawler.bluesky.url", bluesky.url(), "ws", "wss"),
                        photoUrl,
                        bluesky.rewind(),
                        bluesky.lookBack(),
                        bluesky.zstdDictionary().map(file -> bytes("crawler.bluesky.zstd-dictionary", file))),
                limits(),
                web,
                times);
    }

    private static String web(String setting, String url) {
        return address(setting, url, "http", "https").toString();
    }

    private static URI address(String setting, String url, String... schemes) {
        try {
            URI address = URI.create(url);
            String scheme = address.getScheme();
            if (address.getHost() != null && scheme != null && List.of(schemes).contains(scheme)) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw new SettingException(setting, url, "is no address: " + e.getMessage());
        }
        throw new SettingException(setting, url, "must begin with " + String.join(":// or ", schemes) + "://");
    }

    private static <T extends Enum<T>> T choice(String setting, String name, T[] all) {
        return Arrays.stream(all)
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new SettingException(
                        setting, name, "must be one of " + Arrays.toString(all).toLowerCase(Locale.ROOT)));
    }

    private static Optional<String> secret(String setting, Optional<String> value, Optional<String> file) {
        if (value.isPresent() && file.isPresent()) {
            throw new SettingException(setting + "-file", file.get(), "is set beside " + setting + ": which one?");
        }
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
            if (Files.size(path) > LARGEST_FILE) {
                throw new SettingException(setting, file, "has more than %d bytes".formatted(LARGEST_FILE));
            }
            return Files.readAllBytes(path);
        } catch (IOException | InvalidPathException e) {
            throw new SettingException(
                    setting, file, "cannot be read: " + e.getClass().getSimpleName());
        }
    }
}
