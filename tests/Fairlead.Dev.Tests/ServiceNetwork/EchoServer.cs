using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.Dev.Tests.ServiceNetwork;

/// <summary>Answers each piece it gets with its name and where the piece came from.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _name;

    public EchoServer(string name)
    {
        _name = name;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var answer = Encoding.ASCII.GetBytes($"{_name} {((IPEndPoint)client.Client.RemoteEndPoint!).Address}");
                var buffer = new byte[1024];
                while (await stream.ReadAsync(buffer) > 0)
                    await stream.WriteAsync(answer);
            }
            catch (IOException)
            {
                // The other side is gone.
            }
        }
    }
}
