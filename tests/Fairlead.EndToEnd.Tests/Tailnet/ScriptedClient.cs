using System.Text;

namespace Fairlead.EndToEnd.Tests.Tailnet;

/// <summary>A proxy's client that sends what it was given, in blocks of at most one size, and keeps what it is told.</summary>
internal sealed class ScriptedClient(byte[] sent, int blockSize) : MemoryStream(sent, writable: false)
{
    private readonly MemoryStream _told = new();

    public string Told => Encoding.ASCII.GetString(_told.ToArray());

    public override bool CanWrite => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await base.ReadAsync(buffer[..Math.Min(buffer.Length, blockSize)], cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _told.WriteAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        _told.Dispose();
        base.Dispose(disposing);
    }
}
