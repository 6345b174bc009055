namespace Analytics.Api.Formats;

/// <summary>Formats rows into a buffer, which the caller drains.</summary>
internal interface IRowWriter<in T> : IDisposable
{
    string ContentType { get; }

    string Extension { get; }

    /// <summary>The approximate number of bytes in the buffer.</summary>
    int Pending { get; }

    void Write(T row);

    /// <summary>Returns the bytes in the buffer and empties it.</summary>
    ReadOnlyMemory<byte> Drain();
}
