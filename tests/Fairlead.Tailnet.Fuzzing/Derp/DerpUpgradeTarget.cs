using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Fuzzing.Derp;

/// <summary>A relay's HTTP answer to the wish for DERP. What follows it must be left for who reads DERP.</summary>
internal sealed class DerpUpgradeTarget : IFuzzTarget
{
    public string Name => "derp-upgrade";

    public IEnumerable<byte[]> Seeds =>
    [
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: DERP\r\nConnection: Upgrade\r\nDerp-Version: 2\r\n\r\n\x01\0\0\0\x28DERP"u8.ToArray(),
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"u8.ToArray(),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        using var stream = new Answering(input.ToArray());
        try
        {
            _ = HttpExchange.GetAsync(stream, "relay.example.com", DerpProtocol.Path, "", CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (DerpFormatException)
        {
            return;
        }

        var end = input.IndexOf("\r\n\r\n"u8) + 4;
        if (stream.Position != end) throw new InvalidOperationException($"{stream.Position} bytes were taken of an answer of {end}.");
    }

    /// <summary>Reads what it was made of, and lets go of what is written.</summary>
    private sealed class Answering(byte[] answer) : MemoryStream(answer, writable: false)
    {
        public override bool CanWrite => true;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
