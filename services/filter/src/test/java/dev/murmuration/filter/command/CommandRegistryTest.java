package dev.murmuration.filter.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.CommandRegistry;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class CommandRegistryTest {

    @Test
    void listsTheCommandsOfTheFilter() {
        Command root = Commands.class.getAnnotation(Command.class);

        assertThat(Arrays.stream(root.subcommands())
                        .map(command -> command.getAnnotation(Command.class).name()))
                .containsExactlyInAnyOrderElementsOf(CommandRegistry.commandsOf("filter"));
    }
}
