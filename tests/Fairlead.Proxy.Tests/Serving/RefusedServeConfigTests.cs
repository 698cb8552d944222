using Fairlead.Kubernetes.Resources;
using Fairlead.Proxy.Tests.GroupServices;
using Fairlead.Tailnet.Hosting;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Proxy.Tests.Serving;

public sealed class RefusedServeConfigTests : GroupProxyTest
{
    [Fact]
    public async Task A_bad_configuration_is_told_of_and_what_was_served_is_served_on()
    {
        var mount = Mount(("serve-config.json", Text("first")));
        var pod = await StartPodAsync("app-0", "127.97.4.20", MountDevice("app"), ("TS_SERVE_CONFIG", mount.PathOf("serve-config.json")));
        await StateAsync(pod, "app-0", "device_ips", _ => true);
        var laptop = await JoinAsync("laptop");
        await SeesAsync(laptop, "app");
        await AnswersAsync(laptop, pod, "first");

        foreach (var (bad, why) in ((string, string)[])
            [("{ nonsense", "is no JSON"), ("""{ "TCP": { "80": { "TCPForward": "nowhere" } } }""", "TCP[\"80\"].TCPForward"), ("""{ "Services": { "svc:a": { "TCP": { "443": 5 } } } }""", "svc:a")])
        {
            mount.Replace(("serve-config.json", bad));
            await ToldAsync(pod, why);
            await AnswersAsync(laptop, pod, "first");
        }

        mount.Replace(("serve-config.json", Text("second")));
        await AnswersAsync(laptop, pod, "second");
    }

    [Fact]
    public async Task A_bad_configuration_does_not_end_a_Pod_that_has_no_other()
    {
        var mount = Mount(("serve-config.json", """{ "TCP": { "80": {} } }"""));
        var pod = await StartPodAsync("app-0", "127.97.4.21", MountDevice("app"), ("TS_SERVE_CONFIG", mount.PathOf("serve-config.json")));
        await ToldAsync(pod, "TCP[\"80\"]");
        var laptop = await JoinAsync("laptop");
        await SeesAsync(laptop, "app");

        mount.Replace(("serve-config.json", Text("at last")));

        await AnswersAsync(laptop, pod, "at last");
    }

    private static string Text(string text) => $$"""
        { "TCP": { "80": { "HTTP": true } }, "Web": { "app:80": { "Handlers": { "/": { "Text": "{{text}}" } } } } }
        """;

    private static async Task AnswersAsync(TailnetNode laptop, PodProcess pod, string text)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        using var http = new HttpClient(laptop.CreateHttpHandler());
        for (var last = ""; last != text;)
        {
            Assert.False(pod.Ended.IsCompleted, "The process ended.");
            try
            {
                last = await http.GetStringAsync(new Uri("http://app/"), limit.Token);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(10, limit.Token);
            }
        }
    }

    private async Task ToldAsync(PodProcess pod, string why)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        var key = new ObjectKey("default", "app-0.uid-of-app-0.serveconfigrefused");
        while ((await Client.For(KubernetesResources.Events).TryGetAsync(key, limit.Token))?.Message?.Contains(why, StringComparison.Ordinal) != true)
        {
            Assert.False(pod.Ended.IsCompleted, $"The process ended. {Log.Text}");
            await Task.Delay(10, limit.Token);
        }

        Assert.Contains(why, Log.Text, StringComparison.Ordinal);
    }
}
