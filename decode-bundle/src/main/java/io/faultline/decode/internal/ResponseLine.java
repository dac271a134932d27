package io.faultline.decode.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Faults;
import io.faultline.fault.Origin;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A response as {@code encode} reads it: a JSON object in a line.
 *
 * @param to whom it answers
 * @param code the answer; null to end all stalls of a stream
 * @param stream the requester
 * @param index group index, or the stall's tag
 * @param pasid PASID, or {@link Fault#NO_PASID}
 * @param last the Last bit of the request (VT-d before 4.0)
 * @param privateData two words, or null
 * @param cookie what iommufd names a group by; 0: no cookie. With one, requester and index may be
 *     missing
 */
record ResponseLine(
        To to,
        Response code,
        int stream,
        int index,
        int pasid,
        boolean last,
        List<Long> privateData,
        int cookie) {
    /** Whom a response answers. */
    enum To {
        STALL,
        PAGE_REQUEST_GROUP,
        STREAM
    }

    private static final JsonFactory JSON = new JsonFactory();
    private static final long WORD32 = 0xffff_ffffL;
    private static final int PASIDS = 0xf_ffff;
    private static final int TAGS = 0xffff;
    private static final int GROUPS = 0x1ff;

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException says what is wrong with it
     */
    static ResponseLine parse(byte[] line) {
        Map<String, Object> keys = keys(line);
        To to = constant(keys, "to", To.class);
        int cookie = keys.get("cookie") == null ? 0 : cookie(keys);
        int stream = cookie == 0 || keys.containsKey("stream") ? stream(keys) : 0;
        if (to == To.STREAM) {
            return new ResponseLine(to, null, stream, 0, Fault.NO_PASID, false, null, 0);
        }
        int largest = to == To.STALL ? TAGS : GROUPS;
        return new ResponseLine(
                to,
                constant(keys, "code", Response.class),
                stream,
                cookie == 0 || keys.containsKey("grpid") ? (int) number(keys, "grpid", largest) : 0,
                keys.get("pasid") == null ? Fault.NO_PASID : (int) number(keys, "pasid", PASIDS),
                !Boolean.FALSE.equals(keys.get("last")),
                words(keys.get("private_data")),
                cookie);
    }

    private static int stream(Map<String, Object> keys) {
        return (int) number(keys, "stream", WORD32);
    }

    private static int cookie(Map<String, Object> keys) {
        if (keys.get("private_data") != null) {
            throw new IllegalArgumentException("cookie and private_data: no hardware has both");
        }
        int cookie = (int) number(keys, "cookie", WORD32);
        if (cookie == 0) {
            throw new IllegalArgumentException("cookie=0: allowed are 1 to " + WORD32);
        }
        return cookie;
    }

    private static Map<String, Object> keys(byte[] line) {
        Map<String, Object> keys = new HashMap<>();
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("is no JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                keys.put(key, value(json, json.nextToken()));
            }
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("has something behind its JSON object");
            }
            return keys;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("is no JSON: " + e.getMessage(), e);
        }
    }

    private static Object value(JsonParser json, JsonToken token) throws IOException {
        if (token == JsonToken.START_ARRAY) {
            List<Object> elements = new ArrayList<>();
            for (JsonToken next = json.nextToken();
                    next != null && next != JsonToken.END_ARRAY;
                    next = json.nextToken()) {
                elements.add(value(json, next));
            }
            return elements;
        }
        if (token == JsonToken.START_OBJECT) {
            json.skipChildren();
            return "{}";
        }
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> json.getText();
        };
    }

    private static <E extends Enum<E>> E constant(
            Map<String, Object> keys, String key, Class<E> type) {
        Object given = keys.get(key);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(String.valueOf(given))) {
                return constant;
            }
        }
        String allowed = Arrays.toString(type.getEnumConstants());
        String words = type == To.class ? allowed.toLowerCase(Locale.ROOT) : allowed;
        throw new IllegalArgumentException(key + "=" + given + ": allowed are " + words);
    }

    private static long number(Map<String, Object> keys, String key, long largest) {
        Object given = keys.get(key);
        long value = given instanceof String text ? word(key, text) : -1;
        if (given == null) {
            throw new IllegalArgumentException(key + " is missing");
        }
        if (value < 0 || value > largest) {
            throw new IllegalArgumentException(key + "=" + given + ": allowed are 0 to " + largest);
        }
        return value;
    }

    private static List<Long> words(Object given) {
        if (given == null) {
            return null;
        }
        if (given instanceof List<?> list
                && list.size() == 2
                && list.get(0) instanceof String first
                && list.get(1) instanceof String second) {
            return List.of(word("private_data", first), word("private_data", second));
        }
        throw new IllegalArgumentException("private_data=" + given + ": two words are needed");
    }

    /** All 64 bits, decimal or {@code 0x}. */
    private static long word(String key, String text) {
        try {
            return text.startsWith("0x") || text.startsWith("0X")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + "=" + text + ": is no number", e);
        }
    }

    /**
     * The group that this answers, as far as an encoder looks at it; a cookie is in its last word.
     */
    PageRequestGroup group(String arch) {
        int bits = FaultBits.HAS_REQUESTER;
        bits |= to == To.STALL ? FaultBits.STALLED | FaultBits.LAST : 0;
        bits |= last ? FaultBits.LAST : 0;
        bits |= pasid == Fault.NO_PASID ? 0 : FaultBits.ANSWER_WITH_PASID;
        bits |= privateData == null ? 0 : FaultBits.PRIVATE_DATA;
        return Faults.group(
                new Origin(new Unit(arch, ""), "", 0, TimeBase.NONE, false),
                null,
                0,
                0,
                4,
                Reason.UNKNOWN,
                -1,
                bits,
                stream,
                pasid,
                index,
                0,
                0,
                0,
                0,
                privateData == null ? 0 : privateData.get(0),
                privateData == null ? (long) cookie << Integer.SIZE : privateData.get(1),
                null);
    }
}
