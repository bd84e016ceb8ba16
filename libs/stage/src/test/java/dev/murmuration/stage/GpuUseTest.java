package dev.murmuration.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.stage.settings.SettingException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuUseTest {

    private static final Map<String, String> RESERVED = Map.of("NVIDIA_VISIBLE_DEVICES", "GPU-1f2e");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @ParameterizedTest
    @CsvSource({
        "PYTORCH_FLAVOR, cu128, true",
        "PYTORCH_FLAVOR, cpu, false",
        "NVIDIA_VISIBLE_DEVICES, all, true",
        "NVIDIA_VISIBLE_DEVICES, 0, true",
        "NVIDIA_VISIBLE_DEVICES, void, false",
        "NVIDIA_VISIBLE_DEVICES, none, false",
        "NVIDIA_VISIBLE_DEVICES, '', false",
        "HOME, /, false"
    })
    void theEnvironmentSaysWhetherAGpuIsReserved(String variable, String value, boolean reserved) {
        assertThat(GpuUse.isReserved(Map.of(variable, value))).isEqualTo(reserved);
    }

    @Test
    void aReservedGpuThatIsNotUsedIsCounted() {
        use(false, RESERVED).report("teacher.device", "auto", false);

        assertThat(unused()).isOne();
    }

    @Test
    void aProcessorWithoutAGpuIsAsItShallBe() {
        use(true, Map.of()).report("teacher.device", "auto", false);

        assertThat(unused()).isZero();
    }

    @Test
    void aGpuThatIsUsedIsAsItShallBe() {
        use(true, RESERVED).report("teacher.device", "auto", true);

        assertThat(unused()).isZero();
    }

    @Test
    void aRequiredGpuThatIsNotSeenIsAWrongSetting() {
        GpuUse use = use(true, RESERVED);

        assertThatThrownBy(() -> use.report("teacher.device", "auto", false))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("teacher.device = auto")
                .hasMessageContaining("gpu.required");
    }

    @Test
    void whoeverAsksForTheProcessorGetsIt() {
        use(true, RESERVED).report("teacher.device", "cpu", false);

        assertThat(unused()).isOne();
    }

    private double unused() {
        return meters.get("murmuration.gpu.unused").gauge().value();
    }

    private GpuUse use(boolean required, Map<String, String> environment) {
        return new GpuUse(
                new GpuSettings() {
                    @Override
                    public boolean required() {
                        return required;
                    }

                    @Override
                    public boolean tf32() {
                        return false;
                    }
                },
                meters,
                environment);
    }
}
