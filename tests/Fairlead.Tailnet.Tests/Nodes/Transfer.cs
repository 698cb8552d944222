using System.Security.Cryptography;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Tailnet.Tests.Nodes;

/// <summary>A file sent from one node to another and back at once; what arrives must have the hash of what was sent.</summary>
internal static class Transfer
{
    private const int Port = 7;

    /// <summary>Seeded, so that a failure repeats; long enough to fill windows and queues.</summary>
    public static byte[] File(int length, int seed)
    {
        var file = new byte[length];
        new Random(seed).NextBytes(file);
        return file;
    }

    /// <param name="half">Called once half of the file has arrived at the server.</param>
    public static async Task BothWaysAsync(TailnetNode client, TailnetNode server, string host, int length, CancellationToken stop, Func<Task>? half = null)
    {
        using var listener = server.ListenTcp(Port);
        await using var outgoing = await client.DialAsync(host, Port, stop);
        await using var incoming = await listener.AcceptAsync(stop);
        var there = File(length, 1);
        var back = File(length, 2);
        await Task.WhenAll(
            outgoing.WriteAsync(there, stop).AsTask(),
            incoming.WriteAsync(back, stop).AsTask(),
            ExpectAsync(incoming, there, half, stop),
            ExpectAsync(outgoing, back, null, stop));
    }

    private static async Task ExpectAsync(Stream stream, byte[] expected, Func<Task>? half, CancellationToken stop)
    {
        var received = new byte[expected.Length];
        await stream.ReadExactlyAsync(received.AsMemory(0, expected.Length / 2), stop);
        if (half is not null)
        {
            await half();
        }

        await stream.ReadExactlyAsync(received.AsMemory(expected.Length / 2), stop);
        Assert.Equal(SHA256.HashData(expected), SHA256.HashData(received));
    }
}
