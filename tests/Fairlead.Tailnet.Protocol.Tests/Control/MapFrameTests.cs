using System.Buffers.Binary;
using System.Text;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Protocol.Tests.Control;

public sealed class MapFrameTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MapCompression.None)]
    [InlineData(MapCompression.Zstd)]
    public async Task Messages_are_read_as_they_were_written_however_they_are_cut(MapCompression compression)
    {
        Assert.SkipUnless(compression == MapCompression.None || ZstdCodec.IsAvailable, "libzstd is not installed");
        var stream = new MemoryStream();
        var writer = new MapFrameWriter(stream, compression);
        var peers = Enumerable.Range(1, 2000).Select(id => new Node { ID = id, Name = $"node-{id}.example.ts.net." }).ToList();
        await writer.WriteAsync(new MapResponse { Seq = 1, Peers = peers }, Stop);
        await writer.WriteAsync(new MapResponse { KeepAlive = true }, Stop);
        var reader = new MapFrameReader(new PieceStream(stream.ToArray(), 3), compression);

        var first = await reader.ReadAsync(Stop);
        Assert.Equal(2000, first!.Peers!.Count);
        Assert.Equal("node-2000.example.ts.net.", first.Peers[^1].Name);
        Assert.True((await reader.ReadAsync(Stop))!.KeepAlive);
        Assert.Null(await reader.ReadAsync(Stop));
    }

    [Fact]
    public void The_length_is_little_endian() =>
        Assert.Equal([2, 0, 0, 0, (byte)'{', (byte)'}'], MapFrame.Encode(new MapResponse(), MapCompression.None));

    [Fact]
    public async Task A_huge_claim_is_refused_before_anything_is_read()
    {
        var reader = new MapFrameReader(new MemoryStream([0xff, 0xff, 0xff, 0xff]), MapCompression.None);

        Assert.Contains("larger than the limit", (await Assert.ThrowsAsync<MapFrameException>(async () => await reader.ReadAsync(Stop))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_stream_that_breaks_off_within_a_message_is_an_error(int length)
    {
        var frame = MapFrame.Encode(new MapResponse(), MapCompression.None);
        var reader = new MapFrameReader(new MemoryStream(frame[..length]), MapCompression.None);

        await Assert.ThrowsAsync<MapFrameException>(async () => await reader.ReadAsync(Stop));
    }

    [Fact]
    public async Task A_claim_costs_no_memory_before_its_bytes_come()
    {
        var header = new byte[MapFrame.HeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, MapFrame.MaxBodySize);
        var before = GC.GetAllocatedBytesForCurrentThread();

        await Assert.ThrowsAsync<MapFrameException>(async () => await new MapFrameReader(new MemoryStream(header), MapCompression.None).ReadAsync(Stop));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_message_that_would_take_far_more_memory_than_it_has_bytes_is_refused()
    {
        var body = Encoding.UTF8.GetBytes("{\"Peers\":[" + string.Join(',', Enumerable.Repeat("{}", 500_000)) + "]}");

        Assert.Contains("entries", Assert.Throws<MapFrameException>(() => MapFrame.Decode(body, MapCompression.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_bomb_is_refused()
    {
        Assert.SkipUnless(ZstdCodec.IsAvailable, "libzstd is not installed");
        var bomb = ZstdCodec.Compress(new byte[MapFrame.MaxBodySize + 1]);

        Assert.InRange(bomb.Length, 0, 16 << 10);
        Assert.Throws<MapFrameException>(() => MapFrame.Decode(bomb, MapCompression.Zstd));
    }

    [Fact]
    public void Several_compressed_frames_are_one_message()
    {
        Assert.SkipUnless(ZstdCodec.IsAvailable, "libzstd is not installed");
        byte[] both = [.. ZstdCodec.Compress("{\"Domain\":"u8), .. ZstdCodec.Compress("\"a\"}"u8)];

        Assert.Equal("a", MapFrame.Decode(both, MapCompression.Zstd).Domain);
    }

    [Fact]
    public void The_result_may_be_exactly_as_large_as_allowed()
    {
        Assert.SkipUnless(ZstdCodec.IsAvailable, "libzstd is not installed");
        var packed = ZstdCodec.Compress(new byte[100_000]);

        Assert.Equal(100_000, ZstdCodec.Decompress(packed, 100_000).Length);
        Assert.Throws<InvalidDataException>(() => ZstdCodec.Decompress(packed, 99_999));
        Assert.Throws<InvalidDataException>(() => ZstdCodec.Decompress(packed.AsSpan(0, packed.Length - 1), 100_000));
        Assert.Throws<InvalidDataException>(() => ZstdCodec.Decompress([], 100_000));
        Assert.Empty(ZstdCodec.Decompress(ZstdCodec.Compress([]), 100_000));
    }

    [Fact]
    public void A_frame_that_asks_for_a_huge_window_is_refused()
    {
        Assert.SkipUnless(ZstdCodec.IsAvailable, "libzstd is not installed");
        // RFC 8878 section 3.1.1: magic number, a descriptor without single segment, a window of 2^27 bytes, an empty last block.
        byte[] frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 17 << 3, 0x01, 0x00, 0x00];

        Assert.Throws<InvalidDataException>(() => ZstdCodec.Decompress(frame, 1024));
    }

    [Theory]
    [InlineData(MapCompression.None)]
    [InlineData(MapCompression.Zstd)]
    public void What_is_no_message_is_an_error(MapCompression compression)
    {
        Assert.SkipUnless(compression == MapCompression.None || ZstdCodec.IsAvailable, "libzstd is not installed");
        foreach (var body in new[] { "", "[]", "null", "{", "{\"Node\":5}", "\0\0\0" })
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            Assert.Throws<MapFrameException>(() => MapFrame.Decode(compression == MapCompression.None ? bytes : ZstdCodec.Compress(bytes), compression));
            Assert.Throws<MapFrameException>(() => MapFrame.Decode(bytes, compression));
        }
    }
}
