using System.Net;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Timing;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Tailnet.Tests.WireGuard;

public sealed class HandshakeTimingTests
{
    [Fact]
    public async Task A_handshake_begins_with_one_initiation_even_if_the_timer_runs_at_the_same_moment()
    {
        var nobody = new Nobody();
        for (var i = 0; i < 200; i++)
        {
            var path = new CountingPath();
            using var device = new WireGuardDevice(new WireGuardOptions { PrivateKey = NodePrivateKey.Generate() }, nobody);
            var key = NodePrivateKey.Generate().PublicKey;
            device.SetPeer(new WireGuardPeer { Key = key, AllowedNetworks = [IPNetwork.Parse("100.64.0.1/32")], Path = path });

            device.BeginHandshake(key);
            await AllDueNowHasRunAsync();

            Assert.Equal(1, path.Sent);
        }
    }

    // Deadlines run one after the other, so what was due before this one has run.
    private static async Task AllDueNowHasRunAsync()
    {
        var reached = new TaskCompletionSource();
        using var deadline = new Deadline(TimeProvider.System, reached.SetResult);
        deadline.Set(TimeSpan.FromMilliseconds(2));
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private sealed class CountingPath : IPeerPath
    {
        private int _sent;

        public int Sent => Volatile.Read(ref _sent);

        public void Send(ReadOnlySpan<byte> datagrams, int datagramSize) => Interlocked.Increment(ref _sent);

        public void Authenticated(in PathAddress from)
        {
        }
    }

    private sealed class Nobody : IPacketReceiver
    {
        public void Receive(ReadOnlySpan<byte> packet)
        {
        }

        public void EndOfBatch()
        {
        }
    }
}
