package io.faultline.launcher;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The argument of {@code --raw}: {@code ARCH:QUEUE}, or a call for help. */
record QueueName(String text) {
    private static final String HELP = "help";
    private static final Pattern FORM = Pattern.compile("[a-z0-9_-]+:[a-z0-9_-]+");

    boolean isHelp() {
        return text.equals(HELP);
    }

    @Override
    public String toString() {
        return text;
    }

    /** Refuses what cannot name a queue. Whether it is installed, the decoders know. */
    static final class Converter implements ITypeConverter<QueueName> {
        @Override
        public QueueName convert(String value) {
            if (!value.equals(HELP) && !FORM.matcher(value).matches()) {
                throw new TypeConversionException(
                        "'" + value + "' is no ARCH:QUEUE such as smmuv3:evtq; 'help' lists them");
            }
            return new QueueName(value);
        }
    }
}
