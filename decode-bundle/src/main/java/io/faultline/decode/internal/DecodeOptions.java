package io.faultline.decode.internal;

import java.util.List;
import java.util.Map;

/**
 * What {@code decode} was called with. The launcher has checked it, and passes it as types of the
 * JDK, since it shares no others with bundles.
 *
 * @param files names; empty: standard input
 * @param raw {@code ARCH:QUEUE}, or null for logs
 * @param hex whether records are text
 * @param prod the register that hardware moves, or null
 * @param cons the register that software moves, or null
 * @param groups whether page requests are collected
 * @param format {@code table}, {@code json} or {@code summary}
 * @param period what {@code --since} and {@code --until} leave
 * @param devices no filter: all
 * @param allow a file of rules, or null
 * @param caller who called
 */
record DecodeOptions(
        List<String> files,
        String raw,
        boolean hex,
        Long prod,
        Long cons,
        boolean groups,
        String format,
        Period period,
        List<DeviceFilter> devices,
        String allow,
        Caller caller) {
    @SuppressWarnings("unchecked") // the launcher's promise
    static DecodeOptions of(Map<String, Object> arguments) {
        List<String> devices = (List<String>) arguments.get("devices");
        return new DecodeOptions(
                (List<String>) arguments.get("files"),
                (String) arguments.get("raw"),
                (Boolean) arguments.get("hex"),
                (Long) arguments.get("prod"),
                (Long) arguments.get("cons"),
                (Boolean) arguments.get("groups"),
                (String) arguments.get("format"),
                new Period(arguments.get("since"), arguments.get("until")),
                devices.stream().map(DeviceFilter::of).toList(),
                (String) arguments.get("allow"),
                Caller.of(arguments));
    }

    /** The inputs to read, in order. */
    List<String> inputs() {
        return files.isEmpty() ? List.of(Inputs.STANDARD_INPUT) : files;
    }
}
