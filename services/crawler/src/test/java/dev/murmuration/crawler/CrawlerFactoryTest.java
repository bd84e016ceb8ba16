package dev.murmuration.crawler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.Oddities;
import dev.murmuration.stage.settings.SettingException;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each wrong setting is one line that names it. */
class CrawlerFactoryTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x        | crawler.x.bearer-token=secret",
                "x        | crawler.x.bearer-token=secret;crawler.x.stream=filtered;crawler.x.backfill-minutes=5",
                "bluesky  | crawler.bluesky.url=ws://localhost:6008/subscribe",
                "mastodon | crawler.mastodon.url=https://mastodon.social",
                "mastodon | crawler.mastodon.url=https://mastodon.social;crawler.mastodon.timeline=remote"
            })
    void makesEachFeed(String feed, String settings) {
        assertThat(feed(feed, settings).source()).isEqualTo(feed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "twitter  | ''                                                                  | crawler.feed = twitter",
                "recorded | ''                                                                  | crawler.recorded.path",
                "recorded | crawler.recorded.path=/nowhere                                      | no such folder",
                "recorded | crawler.recorded.path=/nowhere;crawler.recorded.speed=-1            | crawler.recorded.speed",
                "x        | ''                                                                  | crawler.x.bearer-token-file",
                "x        | crawler.x.bearer-token=a b                                          | without spaces",
                "x        | crawler.x.bearer-token=a;crawler.x.bearer-token-file=/b             | set only one",
                "x        | crawler.x.bearer-token-file=/nowhere/token                          | cannot be read",
                "x        | crawler.x.bearer-token=a;crawler.x.stream=decahose                  | decahose",
                "x        | crawler.x.bearer-token=a;crawler.x.backfill-minutes=6               | from 0 to 5",
                "x        | crawler.x.bearer-token=a;crawler.x.url=ftp://x                      | http:// or https://",
                "bluesky  | crawler.bluesky.url=https://jetstream                               | ws:// or wss://",
                "bluesky  | crawler.bluesky.photo-url=https://cdn/{did}                         | must hold {did} and {cid}",
                "bluesky  | crawler.bluesky.rewind=2m                                           | crawler.bluesky.rewind",
                "bluesky  | crawler.bluesky.zstd-dictionary=/nowhere                            | cannot be read",
                "mastodon | ''                                                                  | crawler.mastodon.url",
                "mastodon | crawler.mastodon.url=mastodon.social                                | http:// or https://",
                "mastodon | crawler.mastodon.url=https://a;crawler.mastodon.timeline=home       | home",
                "mastodon | crawler.mastodon.url=https://a;crawler.live.stall-after=1ms         | crawler.live.stall-after"
            })
    void saysWhichSettingIsWrong(String feed, String settings, String message) {
        assertThatThrownBy(() -> feed(feed, settings)).hasMessageContaining(message);
    }

    @Test
    void reportsAllWrongSettingsTogether() {
        assertThatThrownBy(() -> feed("x", "crawler.x.url=ftp://x;crawler.fetch.tries=11;crawler.memory-bytes=5"))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("crawler.x.url = ftp://x: must start with http:// or https://")
                .hasMessageContaining("crawler.x.bearer-token = : is needed")
                .hasMessageContaining("crawler.fetch.tries = 11: must be from 1 to 10")
                .hasMessageContaining("crawler.memory-bytes = 5: must be at least crawler.fetch.max-bytes, 10485760");
    }

    @Test
    void readsASecretFromItsFileAndShowsItInNoMessage() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "secret-1\n");
        assertThat(feed("x", "crawler.x.bearer-token-file=" + file).source()).isEqualTo("x");

        Files.writeString(file, "secret 1");
        assertThatThrownBy(() -> feed("x", "crawler.x.bearer-token-file=" + file))
                .isInstanceOf(SettingException.class)
                .hasMessageNotContaining("secret 1");
    }

    private static Feed feed(String feed, String settings) {
        Map<String, String> all = new HashMap<>();
        all.put("crawler.feed", feed);
        for (String setting : settings.split(";", -1)) {
            if (!setting.isBlank()) {
                all.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
            }
        }
        return new CrawlerFactory(
                        new SmallRyeConfigBuilder()
                                .addDiscoveredConverters()
                                .addDiscoveredCustomizers()
                                .withSources(new PropertiesConfigSource(all, "test", 100))
                                .withMapping(CrawlerSettings.class)
                                .withMappingIgnore("**")
                                .build()
                                .getConfigMapping(CrawlerSettings.class),
                        Oddities.ignored())
                .feed();
    }
}
