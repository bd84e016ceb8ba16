package dev.murmuration.local;

import dev.murmuration.local.platform.PlatformSettings;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "dev.murmuration.local.ContainerPlatform#available", disabledReason = "no Docker engine answers")
class PlatformContainersIT extends PlatformIT {

    @Override
    PlatformSettings platform() {
        return ContainerPlatform.settings();
    }
}
