using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Protocol.Tests.Derp;

public sealed class DerpHandshakeTests : IDisposable
{
    private readonly PrivateKey _server = PrivateKey.Generate();
    private readonly NodePrivateKey _node = NodePrivateKey.Generate();

    [Fact]
    public void The_server_reads_what_the_client_says_of_itself()
    {
        var info = new DerpClientInfo { CanAckPings = true, AppName = "test" };

        var frame = DerpHandshake.WriteClientInfo(_node, _server.PublicKey, info);

        Assert.True(DerpFrameHeader.TryRead(frame, out var header));
        Assert.Equal(new DerpFrameHeader(DerpFrameType.ClientInfo, frame.Length - DerpProtocol.HeaderSize), header);
        Assert.True(DerpHandshake.TryReadClientInfo(_server, frame.AsSpan(DerpProtocol.HeaderSize), out var node, out var read));
        Assert.Equal((_node.PublicKey, info), (node, read));
    }

    [Fact]
    public void The_client_reads_what_the_server_answers()
    {
        var info = new DerpServerInfo { TokenBucketBytesPerSecond = 1000, TokenBucketBytesBurst = 5000 };

        var frame = DerpHandshake.WriteServerInfo(_server, _node.PublicKey, info);

        Assert.True(DerpHandshake.TryReadServerInfo(_node, _server.PublicKey, frame.AsSpan(DerpProtocol.HeaderSize), out var read));
        Assert.Equal(info, read);
    }

    [Fact]
    public void A_client_that_does_not_hold_the_key_it_names_is_refused()
    {
        using var other = NodePrivateKey.Generate();
        var frame = DerpHandshake.WriteClientInfo(other, _server.PublicKey, new DerpClientInfo());
        _node.PublicKey.Key.CopyTo(frame.AsSpan(DerpProtocol.HeaderSize));

        Assert.False(DerpHandshake.TryReadClientInfo(_server, frame.AsSpan(DerpProtocol.HeaderSize), out _, out _));
    }

    [Fact]
    public void Boxes_cut_or_of_useless_keys_are_refused()
    {
        var payload = DerpHandshake.WriteClientInfo(_node, _server.PublicKey, new DerpClientInfo())[DerpProtocol.HeaderSize..];
        for (var length = 0; length < payload.Length; length++)
            Assert.False(DerpHandshake.TryReadClientInfo(_server, payload.AsSpan(0, length), out _, out _));
        payload.AsSpan(0, PublicKey.Size).Clear();

        Assert.False(DerpHandshake.TryReadClientInfo(_server, payload, out _, out _));
    }

    public void Dispose()
    {
        _server.Dispose();
        _node.Dispose();
    }
}
