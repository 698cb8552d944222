using System.Runtime.Versioning;
using Fairlead.Tailnet.Packets;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Tun;

/// <summary>
/// Carries packets between a TUN device and the tunnel. Reading blocks, so that a device has a thread of its own; there is one per machine,
/// as a rule. All that is at hand is read before the tunnel is told to send.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class TunPump : IPacketReceiver, IDisposable
{
    /// <summary>Packets read before the tunnel sends, at most: as many as fit one send of 64 KiB with segmentation.</summary>
    private const int MaxBatch = 48;

    private readonly TunDevice _device;
    private readonly IPacketLink _link;
    private readonly ILogger _logger;
    private readonly Thread _reader;

    /// <param name="link">Takes what the system sends.</param>
    public TunPump(TunDevice device, IPacketLink link, ILogger logger)
    {
        _device = device;
        _link = link;
        _logger = logger;
        _reader = new Thread(ReadUntilStopped) { IsBackground = true, Name = $"tun {device.Name}" };
    }

    public void Start() => _reader.Start();

    public void Receive(ReadOnlySpan<byte> packet) => _device.Write(packet);

    public void EndOfBatch()
    {
    }

    /// <summary>Ends reading and waits for the reader; the device is the caller's to dispose.</summary>
    public void Dispose()
    {
        _device.Stop();
        if (_reader.IsAlive)
        {
            _reader.Join();
        }
    }

    private void ReadUntilStopped()
    {
        try
        {
            var buffer = new byte[TunDevice.MaxPacket];
            while (_device.WaitForPacket())
            {
                for (var i = 0; i < MaxBatch && _device.Read(buffer) is > 0 and var length; i++)
                {
                    _link.Send(buffer.AsSpan(0, length));
                }

                _link.Flush();
            }
        }
        catch (IOException e)
        {
            Log.ReadingEnded(_logger, _device.Name, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "TUN device {Name} gives no more packets")]
        public static partial void ReadingEnded(ILogger logger, string name, Exception exception);
    }
}
