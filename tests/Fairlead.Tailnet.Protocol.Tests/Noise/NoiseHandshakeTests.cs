using Fairlead.Tailnet.Protocol.Noise;

namespace Fairlead.Tailnet.Protocol.Tests.Noise;

public sealed class NoiseHandshakeTests
{
    [Fact]
    public void Every_message_is_that_of_an_independent_implementation()
    {
        using var initiator = new NoiseInitiator(NoiseVectors.MachineKey, NoiseVectors.ServerKey.PublicKey, NoiseVectors.Version, NoiseVectors.ClientEphemeral);
        Assert.Equal(NoiseVectors.Bytes("initiation"), initiator.Initiation.ToArray());

        var response = new byte[NoiseProtocol.ResponseSize];
        using var server = NoiseResponder.Respond(initiator.Initiation.Span, NoiseVectors.ServerKey, response, NoiseVectors.ServerEphemeral);
        Assert.Equal(NoiseVectors.Bytes("response"), response);

        using var client = initiator.ReadResponse(response);
        Assert.Equal(NoiseVectors.Bytes("handshakeHash"), client.HandshakeHash.ToArray());
        Assert.Equal(NoiseVectors.Bytes("handshakeHash"), server.HandshakeHash.ToArray());
    }

    [Fact]
    public void Each_side_learns_who_the_other_is()
    {
        var (client, server) = Sessions();

        Assert.Equal(NoiseVectors.ServerKey.PublicKey, client.Peer);
        Assert.Equal(NoiseVectors.MachineKey.PublicKey, server.Peer);
        Assert.Equal(NoiseVectors.Version, server.Version);
    }

    [Fact]
    public void A_change_of_any_byte_of_the_initiation_is_refused()
    {
        var initiation = NoiseVectors.Bytes("initiation");
        var response = new byte[NoiseProtocol.ResponseSize];
        for (var i = 0; i < initiation.Length; i++)
        {
            var changed = (byte[])initiation.Clone();
            changed[i] ^= 0x01;
            Assert.Throws<NoiseHandshakeException>(() => NoiseResponder.Respond(changed, NoiseVectors.ServerKey, response));
        }
    }

    [Fact]
    public void A_change_of_any_byte_of_the_response_is_refused()
    {
        var response = NoiseVectors.Bytes("response");
        for (var i = 0; i < response.Length; i++)
        {
            using var initiator = new NoiseInitiator(NoiseVectors.MachineKey, NoiseVectors.ServerKey.PublicKey, NoiseVectors.Version, NoiseVectors.ClientEphemeral);
            var changed = (byte[])response.Clone();
            changed[i] ^= 0x01;
            Assert.Throws<NoiseHandshakeException>(() => initiator.ReadResponse(changed));
        }
    }

    [Fact]
    public void An_initiation_for_another_server_is_refused()
    {
        var response = new byte[NoiseProtocol.ResponseSize];

        var error = Assert.Throws<NoiseHandshakeException>(() => NoiseResponder.Respond(NoiseVectors.Bytes("initiation"), NoiseVectors.MachineKey, response));

        Assert.Contains("not made for this server's key", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(102)]
    public void An_initiation_of_another_length_is_refused(int length) =>
        Assert.Throws<NoiseHandshakeException>(() => NoiseResponder.Respond(new byte[length], NoiseVectors.ServerKey, new byte[NoiseProtocol.ResponseSize]));

    [Fact]
    public void The_server_s_reason_is_part_of_the_error_and_cannot_act_on_a_terminal()
    {
        using var initiator = new NoiseInitiator(NoiseVectors.MachineKey, NoiseVectors.ServerKey.PublicKey, NoiseVectors.Version);

        var error = Assert.Throws<NoiseHandshakeException>(() => initiator.ReadResponse(NoiseProtocol.ErrorFrame("machine \u001b[2Junknown")));

        Assert.Equal("The server refused the handshake: machine  [2Junknown", error.Message);
    }

    [Fact]
    public void A_server_key_of_low_order_is_refused() =>
        Assert.Throws<NoiseHandshakeException>(() => new NoiseInitiator(NoiseVectors.MachineKey, default, NoiseVectors.Version));

    internal static (NoiseSession Client, NoiseSession Server) Sessions()
    {
        using var initiator = new NoiseInitiator(NoiseVectors.MachineKey, NoiseVectors.ServerKey.PublicKey, NoiseVectors.Version, NoiseVectors.ClientEphemeral);
        var response = new byte[NoiseProtocol.ResponseSize];
        var server = NoiseResponder.Respond(initiator.Initiation.Span, NoiseVectors.ServerKey, response, NoiseVectors.ServerEphemeral);
        return (initiator.ReadResponse(response), server);
    }
}
