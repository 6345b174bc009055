using System.Buffers.Binary;
using System.Text;

namespace Analytics.FunctionalTests.Support;

/// <summary>One series of a metric.</summary>
/// <param name="Metric">The name of the metric.</param>
/// <param name="Unit">The unit of the metric.</param>
/// <param name="Tags">The tags, such as <c>reason=expired</c>, by name.</param>
/// <param name="Count">The value, or the number of measurements.</param>
internal sealed record MetricSeries(string Metric, string Unit, string Tags, long Count)
{
    // Gauges, sums and histograms.
    private static readonly PointLayout[] PointLayouts = [new(5, 7, 6), new(7, 7, 6), new(9, 9, 4)];

    // The count of floating-point values, which is not parsed.
    private static readonly byte[] ZeroBytes = new byte[8];

    // Parses a request to a collector, an ExportMetricsServiceRequest in protocol buffers.
    public static IEnumerable<MetricSeries> ParseRequest(byte[] request) =>
        from resource in ReadFields(request, 1)
        from scope in ReadFields(resource, 2)
        from metric in ReadFields(scope, 2)
        from kind in PointLayouts
        from data in ReadFields(metric, kind.Field)
        from point in ReadFields(data, 1)
        select new MetricSeries(ReadString(metric, 1), ReadString(metric, 3), FormatTags(point, kind.Tags),
            BinaryPrimitives.ReadInt64LittleEndian(ReadFields(point, kind.Count).SingleOrDefault(ZeroBytes).Span));

    private static string FormatTags(ReadOnlyMemory<byte> point, int field) => string.Join(' ', ReadFields(point, field)
        .Select(tag => $"{ReadString(tag, 1)}={FormatTagValue(ReadFields(tag, 2).Single())}")
        .Order(StringComparer.Ordinal));

    // A string or an integer.
    private static string FormatTagValue(ReadOnlyMemory<byte> value) =>
        ReadFields(value, 3).Any() ? $"{ReadVarint(ReadFields(value, 3).Single(), out _)}" : ReadString(value, 1);

    private static string ReadString(ReadOnlyMemory<byte> message, int field) =>
        Encoding.UTF8.GetString(ReadFields(message, field).FirstOrDefault().Span);

    // The bytes of each occurrence of a field in a message.
    private static IEnumerable<ReadOnlyMemory<byte>> ReadFields(ReadOnlyMemory<byte> message, int field)
    {
        while (message.Length > 0)
        {
            var key = ReadVarint(message, out var keyLength);
            var value = message[keyLength..];
            var (start, length) = (key & 7) switch
            {
                0 => (0, GetVarintLength(value)),
                1 => (0, 8),
                2 => (GetVarintLength(value), (int)ReadVarint(value, out _)),
                _ => (0, 4),
            };
            if (key >> 3 == (ulong)field)
            {
                yield return value.Slice(start, length);
            }

            message = value[(start + length)..];
        }
    }

    private static int GetVarintLength(ReadOnlyMemory<byte> bytes)
    {
        ReadVarint(bytes, out var length);
        return length;
    }

    private static ulong ReadVarint(ReadOnlyMemory<byte> bytes, out int length)
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

    // The field numbers of a kind of metric, of its points' tags, and of their count.
    private sealed record PointLayout(int Field, int Tags, int Count);
}
