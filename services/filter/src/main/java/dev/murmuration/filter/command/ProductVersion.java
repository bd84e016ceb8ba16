package dev.murmuration.filter.command;

import dev.murmuration.cluster.Version;
import picocli.CommandLine.IVersionProvider;

/** The output of {@code --version}. */
final class ProductVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return Version.lines().toArray(String[]::new);
    }
}
