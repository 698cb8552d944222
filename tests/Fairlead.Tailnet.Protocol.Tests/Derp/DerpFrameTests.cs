using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Protocol.Tests.Derp;

public sealed class DerpFrameTests
{
    private static readonly NodePublicKey Node = new(new PublicKey([.. Enumerable.Range(1, 32).Select(i => (byte)i)]));

    private static string KeyHex => Node.Key.ToString();

    public static TheoryData<string, string> Frames
    {
        get
        {
            var data = new TheoryData<string, string>();
            Add("0100000028" + "44455250f09f9491" + KeyHex, to => DerpFrameWriter.ServerKey(to, Node.Key));
            Add("0400000023" + KeyHex + "aabbcc", to => DerpFrameWriter.SendPacket(to, Node, [0xaa, 0xbb, 0xcc]));
            Add("0500000021" + KeyHex + "dd", to => DerpFrameWriter.RecvPacket(to, Node, [0xdd]));
            Add("0600000000", to => DerpFrameWriter.KeepAlive(to));
            Add("070000000101", to => DerpFrameWriter.NotePreferred(to, true));
            Add("070000000100", to => DerpFrameWriter.NotePreferred(to, false));
            Add("0800000021" + KeyHex + "01", to => DerpFrameWriter.PeerGone(to, Node, DerpPeerGoneReason.NotHere));
            Add("12000000080102030405060708", to => DerpFrameWriter.Ping(to, 0x0102030405060708));
            Add("13000000080102030405060708", to => DerpFrameWriter.Pong(to, 0x0102030405060708));
            Add("140000000462616420", to => DerpFrameWriter.Health(to, "bad "));
            Add("1500000008000003e800007530", to => DerpFrameWriter.Restarting(to, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)));
            return data;

            void Add(string expected, Write write)
            {
                var buffer = new byte[256];
                data.Add(expected, Convert.ToHexStringLower(buffer.AsSpan(0, write(buffer))));
            }
        }
    }

    private delegate int Write(Span<byte> destination);

    [Theory]
    [MemberData(nameof(Frames))]
    public void Frames_have_their_wire_form(string expected, string written) => Assert.Equal(expected, written);

    [Fact]
    public async Task What_is_written_is_read_back()
    {
        var buffer = new byte[1024];
        var end = DerpFrameWriter.ServerKey(buffer, Node.Key);
        end += DerpFrameWriter.RecvPacket(buffer.AsSpan(end), Node, [1, 2, 3]);
        end += DerpFrameWriter.PeerGone(buffer.AsSpan(end), Node, DerpPeerGoneReason.NotHere);
        end += DerpFrameWriter.Restarting(buffer.AsSpan(end), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        using var reader = new DerpFrameReader(new MemoryStream(buffer, 0, end));

        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(DerpFrameType.ServerKey, reader.Type);
        Assert.True(DerpPayload.TryReadServerKey(reader.Payload, out var key));
        Assert.Equal(Node.Key, key);
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.True(DerpPayload.TryReadPacket(reader.Payload, out var source, out var packet));
        Assert.Equal((DerpFrameType.RecvPacket, Node), (reader.Type, source));
        Assert.Equal([1, 2, 3], packet.ToArray());
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.True(DerpPayload.TryReadPeerGone(reader.Payload, out var gone, out var reason));
        Assert.Equal((Node, DerpPeerGoneReason.NotHere), (gone, reason));
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.True(DerpPayload.TryReadRestarting(reader.Payload, out var reconnectIn, out var tryFor));
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)), (reconnectIn, tryFor));
        Assert.False(await reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Frames_survive_any_cutting_of_the_stream(int pieceSize)
    {
        var buffer = new byte[300_000];
        var large = new byte[DerpProtocol.MaxPacketSize];
        Random.Shared.NextBytes(large);
        var end = 0;
        for (var i = 0; i < 3; i++)
        {
            end += DerpFrameWriter.Ping(buffer.AsSpan(end), (ulong)i);
            end += DerpFrameWriter.RecvPacket(buffer.AsSpan(end), Node, large);
        }

        using var reader = new DerpFrameReader(new PiecewiseStream(buffer.AsMemory(0, end), pieceSize));
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
            Assert.True(DerpPayload.TryReadToken(reader.Payload, out var token));
            Assert.Equal((ulong)i, token);
            Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
            Assert.True(DerpPayload.TryReadPacket(reader.Payload, out _, out var packet));
            Assert.True(packet.SequenceEqual(large));
        }

        Assert.False(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(end, reader.BytesRead);
    }

    [Fact]
    public async Task Frames_of_unknown_types_are_skipped_whatever_their_size()
    {
        var bytes = new byte[5 + 500_000 + 5];
        bytes[0] = 0x7f;
        new DerpFrameHeader((DerpFrameType)0x7f, 500_000).Write(bytes);
        DerpFrameWriter.KeepAlive(bytes.AsSpan(5 + 500_000));
        using var reader = new DerpFrameReader(new PiecewiseStream(bytes, 1000));

        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(DerpFrameType.KeepAlive, reader.Type);
    }

    [Theory]
    [InlineData("0400010041")] // a known type above a forwarded packet's size
    [InlineData("04ffffffff")]
    [InlineData("7f00100001")] // an unknown type above what is skipped
    public async Task A_frame_that_claims_too_much_ends_the_stream(string hex)
    {
        using var reader = new DerpFrameReader(new MemoryStream(Convert.FromHexString(hex)));

        await Assert.ThrowsAsync<DerpFormatException>(async () => await reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("04000000")]
    [InlineData("0400000023aabb")]
    [InlineData("7f00000023aabb")]
    public async Task A_stream_that_ends_inside_a_frame_is_refused(string hex)
    {
        using var reader = new DerpFrameReader(new MemoryStream(Convert.FromHexString(hex)));

        await Assert.ThrowsAsync<DerpFormatException>(async () => await reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Payloads_that_are_too_short_are_refused()
    {
        Span<byte> few = stackalloc byte[7];

        Assert.False(DerpPayload.TryReadServerKey(few, out _));
        Assert.False(DerpPayload.TryReadPacket(few, out _, out _));
        Assert.False(DerpPayload.TryReadPeerGone(few, out _, out _));
        Assert.False(DerpPayload.TryReadToken(few, out _));
        Assert.False(DerpPayload.TryReadRestarting(few, out _, out _));
        Assert.False(DerpPayload.TryReadPreferred([], out _));
    }
}
