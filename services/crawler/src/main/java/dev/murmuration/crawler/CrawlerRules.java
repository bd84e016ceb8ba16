package dev.murmuration.crawler;

import dev.murmuration.stage.settings.SettingProblems;
import dev.murmuration.stage.settings.SettingsRules;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Checks between the crawler's settings, and the settings that the chosen feed requires. */
final class CrawlerRules implements SettingsRules<CrawlerSettings> {

    @Override
    public void check(CrawlerSettings settings, SettingProblems problems) {
        if (settings.memoryBytes() < settings.fetch().maxBytes()) {
            problems.add(
                    "crawler.memory-bytes",
                    settings.memoryBytes(),
                    "must be at least crawler.fetch.max-bytes, "
                            + settings.fetch().maxBytes());
        }
        List<Double> mix = settings.simulator().mix();
        if (mix.stream().noneMatch(share -> share > 0)) {
            problems.add("crawler.simulator.mix", mix, "must have a share that is more than 0");
        }
        switch (settings.feed()) {
            case "recorded" -> recorded(settings.recorded(), problems);
            case "x" -> x(settings.x(), problems);
            case "bluesky" -> address("crawler.bluesky.url", settings.bluesky().url(), List.of("ws", "wss"), problems);
            case "mastodon" -> mastodon(settings.mastodon(), problems);
            default -> {}
        }
    }

    private static void recorded(CrawlerSettings.Recorded recorded, SettingProblems problems) {
        if (recorded.path().isEmpty()) {
            problems.add("crawler.recorded.path", "", "is needed: a folder with tweets.jsonl or such a file");
        }
    }

    private static void x(LiveSettings.X x, SettingProblems problems) {
        String token = "crawler.x.bearer-token";
        address("crawler.x.url", x.url(), List.of("http", "https"), problems);
        if (x.bearerToken().isEmpty() && x.bearerTokenFile().isEmpty()) {
            problems.add(token, "", "is needed, or %s-file".formatted(token));
        }
        notBoth(token, x.bearerToken(), x.bearerTokenFile(), problems);
    }

    private static void mastodon(LiveSettings.Mastodon mastodon, SettingProblems problems) {
        mastodon.url()
                .ifPresentOrElse(
                        url -> address("crawler.mastodon.url", url, List.of("http", "https"), problems),
                        () -> problems.add(
                                "crawler.mastodon.url", "", "is needed: a server, such as https://mastodon.social"));
        notBoth("crawler.mastodon.access-token", mastodon.accessToken(), mastodon.accessTokenFile(), problems);
    }

    private static void notBoth(
            String setting, Optional<String> secret, Optional<String> file, SettingProblems problems) {
        if (secret.isPresent() && file.isPresent()) {
            problems.add(setting + "-file", file.get(), "is set in addition to " + setting + ": set only one of them");
        }
    }

    private static void address(String setting, String url, List<String> schemes, SettingProblems problems) {
        try {
            URI address = URI.create(url);
            String scheme = address.getScheme();
            if (address.getHost() == null || scheme == null || !schemes.contains(scheme)) {
                problems.add(setting, url, "must start with " + String.join(":// or ", schemes) + "://");
            }
        } catch (IllegalArgumentException e) {
            problems.add(setting, url, "is not a valid address: " + e.getMessage());
        }
    }
}
