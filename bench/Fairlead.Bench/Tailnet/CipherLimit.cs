using System.Diagnostics;
using Fairlead.Bench.Measurements;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Bench.Tailnet;

/// <summary>What the processors could carry if all they did was to seal and open packets.</summary>
internal sealed class CipherLimit : IMeasurement
{
    private const int PacketSize = 1280;

    public string Name => "cipher";

    public async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        SealAndOpen(TimeSpan.FromMilliseconds(200));
        var rates = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount)
            .Select(_ => Task.Factory.StartNew(() => SealAndOpen(duration), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))).ConfigureAwait(false);
        return
        [
            new MeasuredFigure("limit: seal and open only", "Gbit/s", rates.Sum() * PacketSize * 8 / 1e9, $"{Environment.ProcessorCount} processors, {PacketSize}-byte packets, each sealed and opened"),
            new MeasuredFigure("limit: seal and open only", "kpackets/s", rates.Sum() / 1e3),
        ];
    }

    /// <returns>Packets per second.</returns>
    private static double SealAndOpen(TimeSpan duration)
    {
        const int Between = 256;
        using var cipher = new ChaCha20Poly1305Cipher(new byte[ChaCha20Poly1305Cipher.KeySize]);
        var packet = new byte[PacketSize];
        var message = new byte[PacketSize + ChaCha20Poly1305Cipher.TagSize];
        var begin = Stopwatch.GetTimestamp();
        ulong counter = 0;
        while (Stopwatch.GetElapsedTime(begin) < duration)
        {
            for (var index = 0; index < Between; index++)
            {
                cipher.Seal(counter, packet, message);
                if (!cipher.TryOpen(counter++, message, packet))
                {
                    throw new InvalidOperationException("What was sealed did not open.");
                }
            }
        }

        return counter / Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}
