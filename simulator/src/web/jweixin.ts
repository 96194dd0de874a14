/**
 * The JS-SDK as the simulator serves it, for pages inside the phone's frame. It talks to the phone by messages:
 *
 *   page → phone   { source: 'jweixin', id, method, params, url }
 *   phone → page   { source: 'phone', id, result: { errMsg } }
 *
 * `method` is `config` (told after the check, no answer awaited), `chooseWXPay` or `getBrandWCPayRequest` (both with
 * params { appId, timeStamp, nonceStr, package, signType, paySign }), or the name of another call with the page's params.
 * `errMsg` of a payment is `ok`, `cancel` or `fail …`. A page tells `opened` and `title` (params { title }) by itself: the real
 * client sees a page and its title without being told.
 *
 * A frame's user agent cannot be changed, so a page tells that it is inside by `window.WeixinJSBridge` and
 * `window.__wxjs_environment === 'browser'`; the user agent of the real client contains `MicroMessenger`.
 * Outside the phone there is no bridge and `wx.config` fails, as in a plain browser.
 */
export const jweixinScript = String.raw`(function (window, document) {
  'use strict';
  if (window.wx && window.wx.config) return;

  var script = document.currentScript;
  var simulator = script && script.src ? new URL(script.src).origin : window.location.origin;
  var isInPhone = window.parent !== window;
  var lastId = 0;
  var waiting = {};

  function tellPhone(method, params, onResult) {
    var id = 'call-' + (lastId += 1);
    if (onResult) waiting[id] = onResult;
    window.parent.postMessage(
      { source: 'jweixin', id: id, method: method, params: params, url: window.location.href },
      '*',
    );
  }

  if (isInPhone) {
    window.addEventListener('message', function (event) {
      var message = event.data;
      if (event.source !== window.parent || !message || message.source !== 'phone') return;
      var onResult = waiting[message.id];
      delete waiting[message.id];
      if (onResult) onResult(message.result || {});
    });
  }

  /* ---- wx.config ---------------------------------------------------------------------------------------------- */

  var state = 'new';
  var failure = null;
  var settings = {};
  var readyCalls = [];
  var errorCalls = [];

  function settle(errMsg) {
    state = errMsg === 'config:ok' ? 'ready' : 'failed';
    if (settings.debug && window.console) window.console.log('[jweixin]', errMsg);
    if (isInPhone) {
      tellPhone('config', { appId: settings.appId, jsApiList: settings.jsApiList || [], errMsg: errMsg });
    }
    if (state === 'ready') {
      readyCalls.splice(0).forEach(function (call) { call(); });
      return;
    }
    failure = { errMsg: errMsg };
    errorCalls.forEach(function (call) { call(failure); });
  }

  function config(options) {
    settings = options || {};
    state = 'checking';
    failure = null;
    if (!isInPhone) {
      window.setTimeout(function () { settle('config:fail'); }, 0);
      return;
    }
    window
      .fetch(simulator + '/levers/web/check-config', {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain' },
        body: JSON.stringify({
          appId: settings.appId,
          timestamp: settings.timestamp,
          nonceStr: settings.nonceStr,
          signature: settings.signature,
          url: window.location.href.split('#')[0],
        }),
      })
      .then(function (response) { return response.json(); })
      .then(function (answer) { settle(answer.ok ? 'config:ok' : answer.errMsg || 'config:fail'); })
      .catch(function () { settle('config:fail'); });
  }

  /* ---- calls of the page -------------------------------------------------------------------------------------- */

  function finish(options, result) {
    var outcome = /:ok$/.test(result.errMsg) ? 'success' : /:cancel$/.test(result.errMsg) ? 'cancel' : 'fail';
    if (typeof options[outcome] === 'function') options[outcome](result);
    if (typeof options.complete === 'function') options.complete(result);
  }

  function isAllowed(name) {
    return state === 'ready' && (settings.jsApiList || []).indexOf(name) >= 0;
  }

  function guarded(name, run) {
    return function (options) {
      options = options || {};
      if (!isAllowed(name)) {
        window.setTimeout(function () { finish(options, { errMsg: name + ':permission denied' }); }, 0);
        return;
      }
      run(options);
    };
  }

  function wordOf(result) {
    var text = String(result.errMsg || 'fail');
    if (/(^|:)ok$/.test(text)) return 'ok';
    if (/cancel$/.test(text)) return 'cancel';
    return text.replace(/^[A-Za-z_]+:(?=fail)/, '').replace(/^(?!fail)/, 'fail ');
  }

  var wx = {
    config: config,
    ready: function (call) {
      if (state === 'ready') call();
      else readyCalls.push(call);
    },
    error: function (call) {
      errorCalls.push(call);
      if (failure) call(failure);
    },
    checkJsApi: function (options) {
      var result = { errMsg: 'checkJsApi:ok', checkResult: {} };
      (options.jsApiList || []).forEach(function (name) { result.checkResult[name] = typeof wx[name] === 'function'; });
      finish(options, result);
    },
    chooseWXPay: guarded('chooseWXPay', function (options) {
      var order = {
        appId: settings.appId,
        timeStamp: String(options.timestamp || options.timeStamp || ''),
        nonceStr: options.nonceStr,
        package: options.package,
        signType: options.signType,
        paySign: options.paySign,
      };
      tellPhone('chooseWXPay', order, function (result) {
        finish(options, { errMsg: 'chooseWXPay:' + wordOf(result) });
      });
    }),
    miniProgram: {
      getEnv: function (call) { call({ miniprogram: false }); },
    },
  };

  /* What only changes the client's own menus succeeds at once. */
  ['hideOptionMenu', 'showOptionMenu', 'hideMenuItems', 'showMenuItems', 'hideAllNonBaseMenuItem',
    'showAllNonBaseMenuItem', 'updateAppMessageShareData', 'updateTimelineShareData'].forEach(function (name) {
    wx[name] = guarded(name, function (options) { finish(options, { errMsg: name + ':ok' }); });
  });

  ['closeWindow', 'previewImage', 'scanQRCode'].forEach(function (name) {
    wx[name] = guarded(name, function (options) {
      var params = JSON.parse(JSON.stringify(options));
      tellPhone(name, params, function (result) {
        finish(options, Object.assign({}, result, { errMsg: name + ':' + wordOf(result) }));
      });
    });
  });

  window.wx = window.jWeixin = wx;

  /* ---- the bridge, which the real client puts into every page ------------------------------------------------- */

  if (!isInPhone) return;
  window.__wxjs_environment = 'browser';
  window.WeixinJSBridge = {
    invoke: function (name, params, call) {
      tellPhone(name, params || {}, function (result) {
        if (!call) return;
        var prefix = name === 'getBrandWCPayRequest' ? 'get_brand_wcpay_request' : name;
        call(Object.assign({}, result, { err_msg: prefix + ':' + wordOf(result) }));
      });
    },
    call: function (name, params) { tellPhone(name, params || {}); },
    on: function () {},
  };
  if (window.MutationObserver) {
    var title = document.title;
    tellPhone('opened', { title: title });
    new window.MutationObserver(function () {
      if (document.title === title) return;
      title = document.title;
      tellPhone('title', { title: title });
    }).observe(document.head, { childList: true, subtree: true, characterData: true });
  }
  function tellReady() {
    document.dispatchEvent(new window.Event('WeixinJSBridgeReady'));
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', tellReady);
  else window.setTimeout(tellReady, 0);
})(window, document);
`;
