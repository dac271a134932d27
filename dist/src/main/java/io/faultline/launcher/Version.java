package io.faultline.launcher;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: what is running, and on what. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "faultline " + (version == null ? "(not packaged)" : version),
            "Java "
                    + Runtime.version()
                    + ", "
                    + System.getProperty("os.name")
                    + " "
                    + System.getProperty("os.arch")
        };
    }
}
