package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class LicencesTest {

    @Test
    void everyLibraryHasALicenceUnderWhichWeMayShipIt() throws IOException {
        if (Boolean.getBoolean("licences.write")) {
            Licences.write();
        }
        String list = Repository.text(Licences.PATH);

        assertThat(Licences.count(list)).isGreaterThan(100);
        assertThat(Licences.unwelcome(list)).isEmpty();
    }

    @Test
    void theListIsThatOfTheBillOfMaterials() {
        assumeThat(Files.exists(Licences.BILL))
                .as("target/bom.json, of mvn -Psbom")
                .isTrue();

        assertThat(Repository.text(Licences.PATH)).isEqualTo(Licences.markdown(Repository.json(Licences.BILL)));
    }

    @Test
    void findsALibraryWithoutALicenceThatIsWelcome() {
        assertThat(Licences.unwelcome("| `a:b` | 1 | AGPL-3.0-only |\n| `c:d` | 2 |  |\n| `e:f` | 3 | MIT |\n"))
                .containsExactly("a:b: AGPL-3.0-only", "c:d: ");
    }
}
