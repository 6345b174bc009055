using System.Buffers.Binary;
using System.Text;

namespace Analytics.FunctionalTests.Support;

/// <summary>One series of a metric.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Tags">Its tags, such as <c>reason=expired</c>, by name.</param>
/// <param name="Count">The number, or how many were measured.</param>
internal sealed record MetricSeries(string Metric, string Unit, string Tags, long Count)
{
    /// <summary>Gauges, sums and histograms.</summary>
    private static readonly Kind[] Kinds = [new(5, 7, 6), new(7, 7, 6), new(9, 9, 4)];

    /// <summary>Of what is measured in fractions.</summary>
    private static readonly byte[] NoCount = new byte[8];

    /// <summary>What a request to a collector says, an <c>ExportMetricsServiceRequest</c> in protocol buffers.</summary>
    public static IEnumerable<MetricSeries> In(byte[] request) =>
        from resource in Fields(request, 1)
        from scope in Fields(resource, 2)
        from metric in Fields(scope, 2)
        from kind in Kinds
        from data in Fields(metric, kind.Field)
        from point in Fields(data, 1)
        select new MetricSeries(Text(metric, 1), Text(metric, 3), TagsOf(point, kind.Tags), BinaryPrimitives.ReadInt64LittleEndian(Fields(point, kind.Count).SingleOrDefault(NoCount).Span));

    private static string TagsOf(ReadOnlyMemory<byte> point, int field) => string.Join(' ', Fields(point, field)
        .Select(tag => $"{Text(tag, 1)}={Value(Fields(tag, 2).Single())}")
        .Order(StringComparer.Ordinal));

    /// <summary>A text or a whole number.</summary>
    private static string Value(ReadOnlyMemory<byte> value) => Fields(value, 3).Any() ? $"{Number(Fields(value, 3).Single(), out _)}" : Text(value, 1);

    private static string Text(ReadOnlyMemory<byte> message, int field) => Encoding.UTF8.GetString(Fields(message, field).FirstOrDefault().Span);

    /// <summary>The bytes of a field, as often as a message has it.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Fields(ReadOnlyMemory<byte> message, int field)
    {
        while (message.Length > 0)
        {
            var key = Number(message, out var keyLength);
            var value = message[keyLength..];
            var (start, length) = (key & 7) switch
            {
                0 => (0, LengthOfNumber(value)),
                1 => (0, 8),
                2 => (LengthOfNumber(value), (int)Number(value, out _)),
                _ => (0, 4),
            };
            if (key >> 3 == (ulong)field)
            {
                yield return value.Slice(start, length);
            }

            message = value[(start + length)..];
        }
    }

    private static int LengthOfNumber(ReadOnlyMemory<byte> bytes)
    {
        Number(bytes, out var length);
        return length;
    }

    private static ulong Number(ReadOnlyMemory<byte> bytes, out int length)
    {
        var number = 0UL;
        length = 0;
        do
        {
            number |= (ulong)(bytes.Span[length] & 0x7F) << (7 * length);
        }
        while (bytes.Span[length++] >= 0x80);

        return number;
    }

    /// <summary>In which fields a kind of metric, its points' tags and their count stand.</summary>
    private sealed record Kind(int Field, int Tags, int Count);
}
