using System.Net.Http.Json;
using Fairlead.Tailnet.Hosting;
using Fairlead.Tailnet.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class HostingTests : NodeTest
{
    [Fact]
    public async Task An_application_serves_the_tailnet_and_knows_who_asks()
    {
        var web = await JoinAsync("web");
        var laptop = await JoinAsync("laptop");
        await using var app = Application(web, kestrel => kestrel.ListenTailnet(80));
        app.MapGet("/whoami", context => context.Response.WriteAsync(context.GetTailnetPeer()?.Node.Name ?? "nobody"));
        app.MapPost("/sum", async context => await context.Response.WriteAsync((await context.Request.ReadFromJsonAsync<long[]>())!.Sum().ToString()));
        await app.StartAsync(Stop);
        using var client = new HttpClient(laptop.CreateHttpHandler()) { BaseAddress = new Uri("http://web/") };

        Assert.Equal("laptop.embedded.ts.net.", await client.GetStringAsync("whoami", Stop));
        using var answer = await client.PostAsJsonAsync("sum", Enumerable.Range(0, 100_000).ToArray(), Stop);
        Assert.Equal("4999950000", await answer.Content.ReadAsStringAsync(Stop));
    }

    private static WebApplication Application(TailnetNode node, Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTailnet(node).ConfigureKestrel(listen);
        builder.Services.AddRoutingCore();
        return builder.Build();
    }
}
