using System.Text;
using System.Text.Json;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Coordination;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Tests.Resources;

public sealed class SerialisationTests
{
    [Fact]
    public void Members_a_type_does_not_know_survive_a_change()
    {
        const string Json = """{"apiVersion":"v1","kind":"Service","metadata":{"name":"a","future":{"x":[1]}},"spec":{"clusterIP":"None","ports":[{"port":80,"later":true}],"mode":"new"},"other":null}""";

        var service = ObjectCodec.Decode(KubernetesResources.Services, Encoding.UTF8.GetBytes(Json));
        var changed = service with { Spec = service.Spec! with { ClusterIP = "10.0.0.1" } };

        var back = JsonElement.Parse(ObjectCodec.Encode(KubernetesResources.Services, changed).Span);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Json.Replace("None", "10.0.0.1", StringComparison.Ordinal)), back), back.ToString());
    }

    [Fact]
    public void Unknown_members_of_any_name_survive_when_the_type_is_filled_in()
    {
        var service = ObjectCodec.Decode(KubernetesResources.Services, """{"metadata":{},"\u00fc\"<😀":1}"""u8);

        var back = JsonElement.Parse(ObjectCodec.Encode(KubernetesResources.Services, service).Span);

        Assert.Equal(1, back.GetProperty("ü\"<😀").GetInt32());
        Assert.Equal("Service", back.GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"metadata":null}""")]
    public void Metadata_is_never_null(string json)
    {
        Assert.NotNull(ObjectCodec.Decode(KubernetesResources.Services, Encoding.UTF8.GetBytes(json)).Metadata);
        Assert.NotNull(new Service().Metadata);
    }

    [Fact]
    public void Secrets_hold_bytes_and_never_show_them()
    {
        var secret = ObjectCodec.Decode(KubernetesResources.Secrets, """{"kind":"Secret","metadata":{"name":"a","namespace":"b"},"data":{"k":"czNjcmV0"},"extraText":"s3cret"}"""u8);

        Assert.Equal("s3cret"u8.ToArray(), secret.Data!["k"]);
        Assert.Equal("Secret b/a", secret.ToString());
        Assert.Contains("czNjcmV0", Encoding.UTF8.GetString(ObjectCodec.Encode(KubernetesResources.Secrets, secret).Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Times_of_a_lease_have_six_digits_and_others_none()
    {
        var time = new DateTimeOffset(2026, 1, 2, 4, 4, 5, TimeSpan.FromHours(1)).AddTicks(1_234_560);
        var lease = new Lease { Metadata = new() { CreationTimestamp = time }, Spec = new() { RenewTime = time } };

        var json = Encoding.UTF8.GetString(ObjectCodec.Encode(KubernetesResources.Leases, lease).Span);

        Assert.Contains("\"renewTime\":\"2026-01-02T03:04:05.123456Z\"", json, StringComparison.Ordinal);
        Assert.Contains("\"creationTimestamp\":\"2026-01-02T03:04:05Z\"", json, StringComparison.Ordinal);
        Assert.Equal(time, ObjectCodec.Decode(KubernetesResources.Leases, Encoding.UTF8.GetBytes(json)).Spec?.RenewTime);
    }

    [Fact]
    public void Ports_are_numbers_or_names()
    {
        var service = ObjectCodec.Decode(KubernetesResources.Services, """{"spec":{"ports":[{"targetPort":80},{"targetPort":"http"},{}]}}"""u8);

        Assert.Equal([80, "http", null], service.Spec!.Ports!.Select(port => port.TargetPort));
        Assert.Equal((80, null), (service.Spec.Ports![0].TargetPort?.Number, service.Spec.Ports[0].TargetPort?.Text));
    }

    [Theory]
    [InlineData("1Gi", "1024Mi")]
    [InlineData("250m", "0.25")]
    [InlineData("2e3", "2k")]
    [InlineData("-1.5", "-1500m")]
    [InlineData("100E", "1e20")]
    public void Quantities_are_equal_by_amount_and_keep_their_text(string left, string right)
    {
        Assert.Equal(Quantity.Parse(left), Quantity.Parse(right));
        Assert.Equal(left, Quantity.Parse(left).ToString());
        Assert.Equal(Quantity.Parse(left).GetHashCode(), Quantity.Parse(right).GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Gi")]
    [InlineData("1 Gi")]
    [InlineData("1gi")]
    [InlineData("1e99")]
    public void What_is_no_quantity_is_refused(string text) => Assert.False(Quantity.TryParse(text, out _));

    [Fact]
    public void Common_texts_are_shared_between_objects()
    {
        var first = Labelled();
        var second = Labelled();

        Assert.Same(first.Metadata.Namespace, second.Metadata.Namespace);
        Assert.Same(first.Metadata.Labels!.Single().Value, second.Metadata.Labels!.Single().Value);

        static Service Labelled() => ObjectCodec.Decode(KubernetesResources.Services, """{"metadata":{"namespace":"shop","labels":{"app":"web"}}}"""u8);
    }

    [Fact]
    public void The_last_of_two_equal_labels_counts_as_in_any_json()
    {
        var service = ObjectCodec.Decode(KubernetesResources.Services, """{"metadata":{"labels":{"a":"1","a":"2","b\u0063":"ü"}}}"""u8);

        Assert.Equal([("a", "2"), ("bc", "ü")], service.Metadata.Labels!.Select(entry => (entry.Key, entry.Value)));
    }
}
