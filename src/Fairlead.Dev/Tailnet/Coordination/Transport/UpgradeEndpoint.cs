using System.Net;
using System.Net.WebSockets;
using Fairlead.Dev.Tailnet.Coordination.Faults;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Noise;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Fairlead.Dev.Tailnet.Coordination.Transport;

/// <summary>
/// <c>/ts2021</c>: the handshake of the encrypted channel, by HTTP upgrade or in a WebSocket. The client's message comes with the
/// request, so that the channel stands with the answer.
/// </summary>
internal sealed class UpgradeEndpoint(MachinePrivateKey key, NoiseListener listener, RequestFaults faults)
{
    private const string Path = "/ts2021";

    // The proof is for servers that issue certificates of node keys; this one needs a key to name, and no answer.
    private readonly ChallengePublicKey _challenge = NewChallenge();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Path, [HttpMethods.Post], context => faults.ServeAsync(context, ServeUpgradeAsync));
        routes.MapMethods(Path, [HttpMethods.Get], context => faults.ServeAsync(context, ServeWebSocketAsync));
    }

    private async Task ServeUpgradeAsync(HttpContext context)
    {
        var upgrade = context.Features.Get<IHttpUpgradeFeature>();
        if (upgrade is not { IsUpgradableRequest: true } || !HasProtocol(context.Request.Headers.Upgrade.ToString()))
        {
            await RefuseAsync(context, $"this takes an HTTP/1.1 upgrade to {NoiseProtocol.UpgradeName}");
            return;
        }
        if (!TryReadInitiation(context.Request.Headers[NoiseProtocol.HandshakeHeader].ToString(), out var initiation))
        {
            await RefuseAsync(context, $"header {NoiseProtocol.HandshakeHeader} must be {NoiseProtocol.InitiationSize} bytes in base64");
            return;
        }
        context.Response.Headers.Upgrade = NoiseProtocol.UpgradeName;
        await ServeAsync(context, await upgrade.UpgradeAsync(), initiation);
    }

    private async Task ServeWebSocketAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || !HasProtocol(context.Request.Headers.SecWebSocketProtocol.ToString()))
        {
            await RefuseAsync(context, $"this takes a WebSocket of subprotocol {NoiseProtocol.UpgradeName}, or POST");
            return;
        }
        if (!TryReadInitiation(context.Request.Query[NoiseProtocol.HandshakeHeader].ToString(), out var initiation))
        {
            await RefuseAsync(context, $"query parameter {NoiseProtocol.HandshakeHeader} must be {NoiseProtocol.InitiationSize} bytes in base64");
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync(NoiseProtocol.UpgradeName);
        await ServeAsync(context, WebSocketStream.Create(socket, WebSocketMessageType.Binary), initiation);
    }

    private async Task ServeAsync(HttpContext context, Stream transport, byte[] initiation)
    {
        await using (transport)
        {
            NoiseStream stream;
            try
            {
                stream = await NoiseStream.AcceptAsync(transport, initiation, key, context.RequestAborted);
            }
            catch (NoiseHandshakeException)
            {
                // The client was told so.
                return;
            }
            if (stream.Version >= EarlyPayload.MinVersion)
            {
                await EarlyPayload.WriteAsync(stream, new EarlyNoise { NodeKeyChallenge = _challenge }, context.RequestAborted);
                await stream.FlushAsync(context.RequestAborted);
            }
            var connection = context.Connection;
            var remote = connection.RemoteIpAddress is { } address ? new IPEndPoint(address, connection.RemotePort) : null;
            var machine = new MachineConnection(stream.Peer, stream.Version);
            await listener.ServeAsync(new NoiseConnection(stream, context.Abort, machine, $"{connection.Id}:noise", remote));
        }
    }

    private static ChallengePublicKey NewChallenge()
    {
        using var key = PrivateKey.Generate();
        return new ChallengePublicKey(key.PublicKey);
    }

    private static bool HasProtocol(string header) =>
        header.Split(',').Any(name => name.Trim().Equals(NoiseProtocol.UpgradeName, StringComparison.OrdinalIgnoreCase));

    private static bool TryReadInitiation(string base64, out byte[] initiation)
    {
        initiation = new byte[NoiseProtocol.InitiationSize];
        return Convert.TryFromBase64String(base64, initiation, out var length) && length == initiation.Length;
    }

    private static Task RefuseAsync(HttpContext context, string text)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
