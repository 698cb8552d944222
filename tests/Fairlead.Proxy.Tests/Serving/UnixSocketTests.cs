using System.Net.Sockets;
using System.Text;
using Fairlead.Tailnet.Hosting;

namespace Fairlead.Proxy.Tests.Serving;

public sealed class UnixSocketTests : ServingTest
{
    [Fact]
    public async Task Requests_and_connections_go_on_to_Unix_sockets()
    {
        var (one, other, raw) = (PathOf("one"), PathOf("other"), PathOf("raw"));
        await using var first = await BackendApp.StartAsync("one", kestrel => kestrel.ListenUnixSocket(one), Stop);
        await using var second = await BackendApp.StartAsync("other", kestrel => kestrel.ListenUnixSocket(other), Stop);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(raw));
        listener.Listen();
        Serve($$"""
            { "TCP": { "80": { "HTTP": true }, "7000": { "TCPForward": "unix:{{raw}}", "ProxyProtocol": 1 } },
              "Web": { "app:80": { "Handlers": { "/": { "Proxy": "unix:{{one}}" }, "/other/": { "Proxy": "unix:{{other}}" }, "/none": { "Proxy": "unix:{{PathOf("none")}}" } } } } }
            """);
        var laptop = await StartAsync();

        using var http = new HttpClient(laptop.CreateHttpHandler());
        Assert.StartsWith("one GET /some/page\n", await http.GetStringAsync(new Uri("http://app/some/page"), Stop), StringComparison.Ordinal);
        Assert.StartsWith("other GET /page\n", await http.GetStringAsync(new Uri("http://app/other/page"), Stop), StringComparison.Ordinal);
        Assert.Equal(502, (int)(await http.GetAsync(new Uri("http://app/none"), Stop)).StatusCode);

        await using var stream = await laptop.DialAsync("app", 7000, Stop);
        using var accepted = await listener.AcceptAsync(Stop);
        await using var server = new NetworkStream(accepted);
        await stream.WriteAsync("hello\n"u8.ToArray(), Stop);
        using var reader = new StreamReader(server, Encoding.ASCII);
        Assert.EndsWith(" 7000", await reader.ReadLineAsync(Stop), StringComparison.Ordinal);
        Assert.Equal("hello", await reader.ReadLineAsync(Stop));
    }

    private string PathOf(string name) => Path.Combine(Folder.FullName, name);
}
