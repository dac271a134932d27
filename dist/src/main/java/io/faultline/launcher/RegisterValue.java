package io.faultline.launcher;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what a register holds: up to 64 bits, decimal or {@code 0x}. */
final class RegisterValue implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
        try {
            return value.startsWith("0x") || value.startsWith("0X")
                    ? Long.parseUnsignedLong(value.substring(2), 16)
                    : Long.parseUnsignedLong(value);
        } catch (NumberFormatException e) {
            throw new TypeConversionException(
                    "'" + value + "' is no register value such as 17 or 0x80000011");
        }
    }
}
