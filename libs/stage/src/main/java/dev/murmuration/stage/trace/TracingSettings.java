package dev.murmuration.stage.trace;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.Optional;

/** Traces of records, by OpenTelemetry. Off without an endpoint. */
@ConfigMapping(prefix = "tracing")
interface TracingSettings {

    /** Where spans are sent, by OTLP over HTTP: for example http://collector:4318/v1/traces. Without it nothing is traced. */
    Optional<
                    @Pattern(
                            regexp = "https?://[^\\s/]+.*",
                            message = "must be an address that starts with http:// or https://")
                    String>
            endpoint();

    /** Share of the records, 0 to 1, whose traces are sent; shards and checkpoints always are. */
    @WithDefault("0.01")
    @DecimalMin("0")
    @DecimalMax("1")
    double share();

    /** How many records that were read are remembered until what becomes of them is written. */
    @WithDefault("50000")
    @Min(1)
    int mostRecords();
}
