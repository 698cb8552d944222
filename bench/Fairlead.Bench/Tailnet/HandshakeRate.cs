using System.Diagnostics;
using Fairlead.Bench.Measurements;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.WireGuard.Handshake;
using Fairlead.Tailnet.WireGuard.Messages;

namespace Fairlead.Bench.Tailnet;

/// <summary>How many handshakes one processor takes part in.</summary>
internal sealed class HandshakeRate : IMeasurement
{
    public string Name => "handshakes";

    public Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        using var a = NodePrivateKey.Generate();
        using var b = NodePrivateKey.Generate();
        Run(a, b, TimeSpan.FromMilliseconds(200));
        var (initiator, responder) = Run(a, b, duration);
        return Task.FromResult<IReadOnlyList<MeasuredFigure>>(
        [
            new MeasuredFigure("handshakes as initiator", "1/s", 1 / initiator, "one processor; both messages"),
            new MeasuredFigure("handshakes as responder", "1/s", 1 / responder, "one processor; both messages"),
        ]);
    }

    /// <returns>Seconds that a handshake takes at either side.</returns>
    private static (double Initiator, double Responder) Run(NodePrivateKey a, NodePrivateKey b, TimeSpan duration)
    {
        var noPresharedKey = new byte[Bytes32.Size];
        var initiation = new byte[HandshakeInitiation.Size];
        var response = new byte[HandshakeResponse.Size];
        var begin = Stopwatch.GetTimestamp();
        long atInitiator = 0;
        long atResponder = 0;
        var count = 0;
        for (; Stopwatch.GetElapsedTime(begin) < duration; count++)
        {
            var start = Stopwatch.GetTimestamp();
            using var handshake = new InitiatorHandshake(PrivateKey.Generate(), 1);
            var good = handshake.TryWriteInitiation(a.Key, b.PublicKey.Key, Tai64N.From(DateTimeOffset.UnixEpoch), initiation);
            var sent = Stopwatch.GetTimestamp();
            var answer = default(ResponderHandshake);
            using var ephemeral = PrivateKey.Generate();
            good &= answer.TryReadSender(b.Key, initiation, out _)
                && answer.TryReadTimestamp(b.Key, initiation, out _)
                && answer.TryWriteResponse(ephemeral, noPresharedKey, 2, response, out _, out _);
            var answered = Stopwatch.GetTimestamp();
            if (!good || !handshake.TryReadResponse(a.Key, noPresharedKey, response, out _, out _))
            {
                throw new InvalidOperationException("A handshake failed.");
            }

            atInitiator += sent - start + Stopwatch.GetTimestamp() - answered;
            atResponder += answered - sent;
        }

        return ((double)atInitiator / Stopwatch.Frequency / count, (double)atResponder / Stopwatch.Frequency / count);
    }
}
