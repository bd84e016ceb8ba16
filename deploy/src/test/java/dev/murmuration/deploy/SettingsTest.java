package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** docs/settings.md is what the code says. */
class SettingsTest {

    @Test
    void theTableIsWhatTheCodeSays() throws IOException {
        if (Boolean.getBoolean("settings.write")) {
            SettingsTable.write();
        }
        assertThat(Repository.text(SettingsTable.PATH))
                .as("%s is stale: add -Dsettings.write=true to write it anew", SettingsTable.PATH)
                .isEqualTo(SettingsTable.markdown());
    }

    @Test
    void everySettingSaysWhatItIs() {
        assertThat(SettingsTable.withoutComment()).isEmpty();
        assertThat(SettingsTable.rows(SettingsTable.SHARED).values()).noneMatch(row -> row.endsWith("|  |"));
    }

    @Test
    void namesDefaultsAndMeaningsComeFromTheCode() {
        Map<String, String> rows = SettingsTable.rows(List.of("dev.murmuration.stage.store.StoreSettings"));

        assertThat(rows.get("s3.connect-timeout"))
                .isEqualTo("| `s3.connect-timeout` | duration | `5s` | How long one request may take to connect. |");
    }

    @Test
    void anEnumIsListedByItsValues() {
        Map<String, String> rows = SettingsTable.rows(List.of(Service.settingsOf("trainer")));

        assertThat(rows.get("trainer.recipe")).startsWith("| `trainer.recipe` | `distil` or `paper` | `distil` |");
    }
}
