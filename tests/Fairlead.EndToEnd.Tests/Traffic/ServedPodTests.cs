using Fairlead.Tailnet.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>A proxy that serves HTTP knows who asks, and tells the app.</summary>
[Collection(TrafficCollection.Name)]
public sealed class ServedPodTests(TrafficFixture fixture)
{
    private readonly TrafficEnvironment _environment = fixture.Environment;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_behind_a_proxy_that_serves_HTTP_learns_who_asks_and_from_which_address()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(_environment.Parts.Network.NodeAddress, 0));
        await using var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(
            $"{context.Request.Headers["Tailscale-User-Login"]} {context.Request.Headers["X-Forwarded-For"]}", context.RequestAborted));
        await app.StartAsync(Stop);
        UpstreamPod.Create(_environment, "served", Serve(app.Urls.Single()), ("TS_SERVE_CONFIG", $"{UpstreamPod.Mount}/serve.json"));
        var device = await TrafficEnvironment.PeerAsync(_environment.Laptop, "served");
        using var log = await PodLog.FollowAsync(_environment, "served");
        await log.LineAsync("Startup complete");
        var laptop = _environment.Laptop.Status.Addresses;
        var owner = _environment.Laptop.WhoIs(laptop[0])!.User!.LoginName;

        using var http = new HttpClient(_environment.Laptop.CreateHttpHandler());
        http.DefaultRequestHeaders.Host = "served";

        Assert.Equal($"{owner} {laptop[0]}", await http.GetStringAsync(new Uri($"http://{device.Addresses[0]}/"), Stop));
        Assert.Equal($"{owner} {laptop[1]}", await http.GetStringAsync(new Uri($"http://[{device.Addresses[1]}]/"), Stop));
    }

    private static Dictionary<string, string> Serve(string backend) => new()
    {
        ["serve.json"] = $$"""
            {
              "TCP": { "80": { "HTTP": true } },
              "Web": { "served:80": { "Handlers": { "/": { "Proxy": "{{backend}}" } } } }
            }
            """,
    };
}
