using System.Security.Cryptography;
using Fairlead.Tailnet.Tests.Nat;
using Fairlead.Tailnet.Tests.Tun;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class PathChangeInNamespaceTests : NodeTest
{
    private const int Piece = 16 << 10;

    /// <summary>What must arrive over each path before the next is forced: more than any window holds.</summary>
    private const long Enough = 8 << 20;

    /// <summary>Between pieces, so that the file lasts for as long as the paths take to change.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task From_direct_to_relayed_and_back()
    {
        NetworkNamespace.RequireInside();

        // Routes of the machine's own addresses come first otherwise, and with them UDP.
        await Script.RunAsync("for v in -4 -6; do ip $v rule add pref 10 lookup local; ip $v rule del pref 0; done", Stop);
        var web = await JoinAsync("web");
        var laptop = await JoinAsync("laptop");
        using var listener = web.ListenTcp(7);
        var outgoing = await laptop.DialAsync("web", 7, Stop);
        await using var incoming = await listener.AcceptAsync(Stop);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        long arrived = 0;
        var sending = SendAsync();
        var receiving = ReceiveAsync();

        await ExpectAsync("direct", isDirect: true);
        await Script.RunAsync("for v in -4 -6; do ip $v rule add pref 1 ipproto udp prohibit; done", Stop);
        await ExpectAsync("relayed", isDirect: false);
        await Script.RunAsync("for v in -4 -6; do ip $v rule del pref 1; done", Stop);
        await ExpectAsync("direct again", isDirect: true);

        await enough.CancelAsync();
        Assert.Equal(await sending, await receiving);

        async Task ExpectAsync(string what, bool isDirect)
        {
            await Wait.UntilAsync($"the path is {what}", () => IsDirect(laptop) == isDirect && IsDirect(web) == isDirect);
            var before = Interlocked.Read(ref arrived);
            await Wait.UntilAsync($"bytes arrived while it is {what}", () => Interlocked.Read(ref arrived) - before > Enough);
            Assert.Equal((isDirect, isDirect), (IsDirect(laptop), IsDirect(web)));
        }

        async Task<string> SendAsync()
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var timer = new PeriodicTimer(Pace);
            var random = new Random(1);
            var piece = new byte[Piece];
            while (!enough.IsCancellationRequested)
            {
                random.NextBytes(piece);
                hash.AppendData(piece);
                await outgoing.WriteAsync(piece, Stop);
                await timer.WaitForNextTickAsync(Stop);
            }

            await outgoing.DisposeAsync();
            return Convert.ToHexString(hash.GetHashAndReset());
        }

        async Task<string> ReceiveAsync()
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var piece = new byte[Piece];
            while (await incoming.ReadAsync(piece, Stop) is > 0 and var length)
            {
                hash.AppendData(piece.AsSpan(0, length));
                Interlocked.Add(ref arrived, length);
            }

            return Convert.ToHexString(hash.GetHashAndReset());
        }
    }

    private static bool IsDirect(Fairlead.Tailnet.Nodes.TailnetNode node) => node.Status.Peers.Single().CurrentAddress.Length > 0;
}
