using System.Text;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Noise;
using Fairlead.Tailnet.Protocol.Tests.Sockets;

namespace Fairlead.Tailnet.Protocol.Tests.Noise;

public sealed class NoiseStreamTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Records_are_those_of_an_independent_implementation()
    {
        var (client, server) = NoiseHandshakeTests.Sessions();
        using var sent = new MemoryStream();
        using var clientStream = new NoiseStream(sent, client);
        using var serverStream = new NoiseStream(new MemoryStream(NoiseVectors.Records("toServer")), server);

        clientStream.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        clientStream.Write("second"u8);
        using var text = new StreamReader(serverStream);

        Assert.Equal(NoiseVectors.Records("toServer"), sent.ToArray());
        Assert.Equal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nsecond", text.ReadToEnd());
    }

    [Fact]
    public void An_empty_record_is_skipped()
    {
        var (client, _) = NoiseHandshakeTests.Sessions();
        using var text = new StreamReader(new NoiseStream(new MemoryStream(NoiseVectors.Records("toClient")), client));

        Assert.Equal("answer", text.ReadToEnd());
    }

    [Fact]
    public async Task Bytes_of_any_number_arrive_over_a_socket_in_both_directions()
    {
        await using var pair = await HandshakeAsync();
        foreach (var length in (int[])[1, 4077, 4078, 65_536, 300_000])
        {
            var sent = new byte[length];
            new Random(length).NextBytes(sent);
            await Task.WhenAll(pair.First.WriteAsync(sent, Stop).AsTask(), ReceiveAsync(pair.Second, sent), pair.Second.WriteAsync(sent, Stop).AsTask(), ReceiveAsync(pair.First, sent));
        }
    }

    [Fact]
    public async Task Reads_shorter_than_a_record_lose_nothing()
    {
        await using var pair = await HandshakeAsync();
        var sent = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 3000).Select(i => i % 10)));
        await pair.First.WriteAsync(sent, Stop);
        var received = new List<byte>();
        var part = new byte[7];
        while (received.Count < sent.Length) received.AddRange(part[..await pair.Second.ReadAsync(part, Stop)]);

        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task A_read_of_nothing_waits_until_there_is_something()
    {
        await using var pair = await HandshakeAsync();
        var waiting = pair.Second.ReadAsync(Memory<byte>.Empty, Stop).AsTask();
        Assert.False(waiting.IsCompleted);

        await pair.First.WriteAsync("x"u8.ToArray(), Stop);

        Assert.Equal(0, await waiting);
        Assert.Equal(1, await pair.Second.ReadAsync(new byte[8], Stop));
    }

    [Fact]
    public async Task One_direction_can_end_while_the_other_goes_on()
    {
        await using var pair = await HandshakeAsync();
        await ((NoiseStream)pair.First).CompleteWritesAsync(Stop);

        Assert.Equal(0, await pair.Second.ReadAsync(new byte[1], Stop));
        await pair.Second.WriteAsync("still here"u8.ToArray(), Stop);
        await ReceiveAsync(pair.First, "still here"u8.ToArray());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await pair.First.WriteAsync(new byte[1], Stop));
    }

    [Fact]
    public void A_change_of_any_byte_of_a_record_is_noticed_for_good()
    {
        var records = NoiseVectors.Records("toServer");
        for (var i = 0; i < records.Length; i++)
        {
            var changed = (byte[])records.Clone();
            changed[i] ^= 0x10;
            using var stream = new NoiseStream(new MemoryStream(changed), NoiseHandshakeTests.Sessions().Server);
            Assert.Throws<IOException>(() => stream.CopyTo(Stream.Null));
            Assert.Throws<IOException>(() => stream.ReadByte());
        }
    }

    [Fact]
    public void A_connection_cut_within_a_record_is_no_end()
    {
        var records = NoiseVectors.Records("toServer");
        using var stream = new NoiseStream(new MemoryStream(records, 0, records.Length - 1), NoiseHandshakeTests.Sessions().Server);
        var buffer = new byte[100];

        Assert.Equal(24, stream.Read(buffer));
        Assert.Throws<IOException>(() => stream.Read(buffer));
    }

    [Fact]
    public void A_repeated_record_is_refused()
    {
        var records = NoiseVectors.Records("toServer");
        using var stream = new NoiseStream(new MemoryStream([.. records, .. records]), NoiseHandshakeTests.Sessions().Server);

        Assert.Throws<IOException>(() => stream.CopyTo(Stream.Null));
    }

    [Fact]
    public async Task A_client_that_the_server_refuses_is_told_why()
    {
        await using var sockets = await SocketPair.ConnectAsync(Stop);
        using var initiator = new NoiseInitiator(NoiseVectors.MachineKey, NoiseVectors.MachineKey.PublicKey, 145);
        var accepting = NoiseStream.AcceptAsync(sockets.Second, initiator.Initiation, NoiseVectors.ServerKey, Stop);

        var refused = await Assert.ThrowsAsync<NoiseHandshakeException>(() => NoiseStream.ConnectAsync(sockets.First, initiator, Stop));

        var reason = await Assert.ThrowsAsync<NoiseHandshakeException>(() => accepting);
        Assert.Contains(reason.Message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(4096)]
    public async Task An_early_payload_is_taken_off_and_what_follows_is_read(int bytesAtOnce)
    {
        var challenge = new ChallengePublicKey(NoiseVectors.ServerKey.PublicKey.Key);
        using var written = new MemoryStream();
        await EarlyPayload.WriteAsync(written, new EarlyNoise { NodeKeyChallenge = challenge }, Stop);
        written.Write("HTTP"u8);
        await using var stream = new EarlyPayloadStream(new SlowStream(written.ToArray(), bytesAtOnce));
        using var text = new StreamReader(stream);

        Assert.Equal("HTTP", await text.ReadToEndAsync(Stop));
        Assert.Equal(challenge, (await stream.Payload)?.NodeKeyChallenge);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000")]
    [InlineData("ffffff")]
    [InlineData("ffffff5400000000000000")]
    [InlineData("000012040000000000000300000064")]
    public async Task Without_an_early_payload_nothing_is_lost(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        await using var stream = new EarlyPayloadStream(new SlowStream(bytes, 2));
        using var read = new MemoryStream();

        await stream.CopyToAsync(read, Stop);

        Assert.Equal(bytes, read.ToArray());
        Assert.Null(await stream.Payload);
    }

    [Theory]
    [InlineData("ffffff5453ffffffff")]
    [InlineData("ffffff5453000000027b")]
    [InlineData("ffffff5453000000025b5d")]
    public async Task A_malformed_early_payload_is_an_error_for_good(string hex)
    {
        await using var stream = new EarlyPayloadStream(new MemoryStream(Convert.FromHexString(hex)));

        await Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(Stream.Null, Stop));
        await Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(Stream.Null, Stop));
    }

    private static async Task<SocketPair> HandshakeAsync()
    {
        var sockets = await SocketPair.ConnectAsync(Stop);
        using var initiator = new NoiseInitiator(NoiseVectors.MachineKey, NoiseVectors.ServerKey.PublicKey, 145);
        var server = NoiseStream.AcceptAsync(sockets.Second, initiator.Initiation, NoiseVectors.ServerKey, Stop);
        var client = NoiseStream.ConnectAsync(sockets.First, initiator, Stop);
        return new SocketPair(await client, await server);
    }

    private static async Task ReceiveAsync(Stream stream, byte[] expected)
    {
        var received = new byte[expected.Length];
        await stream.ReadExactlyAsync(received, Stop);
        Assert.Equal(expected, received);
    }

    /// <summary>Gives few bytes at a time.</summary>
    private sealed class SlowStream(byte[] bytes, int atOnce) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, atOnce)], cancellationToken);
    }
}
