package dev.murmuration.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class EvolutionTest {

    @Test
    void everyEventIsCompatibleWithEveryReleasedVersion() throws IOException {
        for (Topic topic : Topics.ALL) {
            if (topic.schema().isPresent()) {
                List<Path> released = Evolution.released(topic);
                assertThat(released).as("released versions of " + topic.name()).isNotEmpty();
                for (Path file : released) {
                    assertThat(Evolution.problems(topic.schema().get(), Evolution.parse(file)))
                            .as("%s against %s", topic.name(), file)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void aNewFieldWithoutDefaultIsRefused() {
        Schema released = rejection().endRecord();

        Schema changed = rejection().requiredString("operator").endRecord();

        assertThat(Evolution.problems(changed, released))
                .singleElement()
                .asString()
                .startsWith("Rejection does not read what was written before")
                .contains("/fields/1");
    }

    @Test
    void aRemovedFieldWithoutDefaultIsRefused() {
        Schema released = rejection().requiredString("operator").endRecord();

        Schema changed = rejection().endRecord();

        assertThat(Evolution.problems(changed, released))
                .singleElement()
                .asString()
                .startsWith("Rejection writes what released readers do not read");
    }

    @Test
    void aChangedTypeIsRefusedInBothDirections() {
        Schema released = rejection().requiredString("at").endRecord();

        Schema changed = rejection().requiredDouble("at").endRecord();

        assertThat(Evolution.problems(changed, released)).hasSize(2);
    }

    @Test
    void aNewFieldWithDefaultIsAccepted() {
        Schema released = rejection().endRecord();

        Schema changed = rejection().optionalString("operator").endRecord();

        assertThat(Evolution.problems(changed, released)).isEmpty();
    }

    private static SchemaBuilder.FieldAssembler<Schema> rejection() {
        return SchemaBuilder.record("Rejection").fields().requiredString("reason");
    }
}
