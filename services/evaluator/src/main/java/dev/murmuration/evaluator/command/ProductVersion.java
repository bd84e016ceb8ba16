package dev.murmuration.evaluator.command;

import dev.murmuration.cluster.Version;
import picocli.CommandLine.IVersionProvider;

/** Prints the version for {@code --version}. */
final class ProductVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return Version.lines().toArray(String[]::new);
    }
}
